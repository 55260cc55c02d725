//! The set that is read and written: what a cluster repository is made of, the same bytes on every machine.

use std::fmt::Write;

/// About 5 MB in so many documents, a third each of Deployments, ConfigMaps and HelmReleases.
pub(crate) const DOCUMENTS: u64 = 4_000;

/// The whole set as one stream.
pub(crate) fn stream() -> String {
    let mut out = String::with_capacity(6 << 20);
    for index in 0..DOCUMENTS {
        let written = match index % 3 {
            0 => deployment(&mut out, index),
            1 => config_map(&mut out, index),
            _ => helm_release(&mut out, index),
        };
        assert!(written.is_ok(), "a String takes whatever is written");
    }
    out
}

/// Spreads an index over all bits (splitmix64), so that names and numbers differ in length.
fn mix(index: u64) -> u64 {
    let mut z = index.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn deployment(out: &mut String, index: u64) -> std::fmt::Result {
    let hash = mix(index);
    let (port, replicas, minor) = (8000 + hash % 1000, 1 + hash % 5, hash % 40);
    write!(
        out,
        r#"---
# Service {index}, rolled out by the platform team
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{index}
  namespace: team-{team}
  labels: &labels
    app.kubernetes.io/name: service-{index}
    app.kubernetes.io/part-of: "shop"
    app.kubernetes.io/version: "1.{minor}"
  annotations:
    checksum/config: {hash:016x}
spec:
  replicas: {replicas}
  revisionHistoryLimit: 3
  selector:
    matchLabels: *labels
  template:
    metadata:
      labels: *labels
      annotations:
        prometheus.io/scrape: 'true'
        prometheus.io/port: "{port}"
    spec:
      serviceAccountName: service-{index}
      securityContext: {{runAsNonRoot: true, runAsUser: 65534, fsGroup: 65534}}
      containers:
        - name: main
          image: registry.example.com/shop/service-{index}:1.{minor}.0@sha256:{hash:016x}{hash:016x}
          args: ["--port={port}", "--log-level=info", --leader-elect]
          ports:
            - {{name: http, containerPort: {port}, protocol: TCP}}
          env:
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef:
                  name: service-{index}-database
                  key: url
            - name: CACHE_SIZE
              value: "{cache}"
          livenessProbe: &probe
            httpGet:
              path: /healthz
              port: http
            initialDelaySeconds: 5
            periodSeconds: 10
          readinessProbe:
            <<: *probe
            periodSeconds: 5
          resources:
            requests: {{cpu: {cpu}m, memory: 128Mi}}
            limits: {{memory: 512Mi}}
          volumeMounts:
            - name: config
              mountPath: /etc/service
              readOnly: true
      volumes:
        - name: config
          configMap:
            name: service-{index}
            defaultMode: 0440
"#,
        team = hash % 20,
        cache = hash % 4096,
        cpu = 50 + hash % 950,
    )
}

fn config_map(out: &mut String, index: u64) -> std::fmt::Result {
    let hash = mix(index);
    write!(
        out,
        r#"---
apiVersion: v1
kind: ConfigMap
metadata:
  name: service-{index}
  namespace: team-{team}
data:
  LOG_FORMAT: json
  RATE: "{rate}.5"
  ENABLED: "yes"
  service.yaml: |
    listen: 0.0.0.0:{port}
    upstreams:
      - name: inventory
        url: http://inventory.team-{team}.svc.cluster.local:8080/api/v1?limit={rate}
        timeout: 30s
      - name: billing
        url: http://billing.team-{team}.svc.cluster.local:8080/api/v1
        timeout: 1m30s
    features: {{search: true, "new checkout": false}}
  run.sh: |-
    #!/bin/sh
    set -eu
    for host in a b c; do
      echo "checking ${{host}}: $(date)" # {hash:x}
      wget -q -O- "http://${{host}}:{port}/healthz" || exit 1
    done

    exec /usr/bin/service --config /etc/service/service.yaml
  motto: >
    Whoever reads this far has found text that is folded into one line,
    as authors of long descriptions like to have it,
    with a number at its end: {hash}
"#,
        team = hash % 20,
        rate = hash % 100,
        port = 8000 + hash % 1000,
    )
}

fn helm_release(out: &mut String, index: u64) -> std::fmt::Result {
    let hash = mix(index);
    write!(
        out,
        r#"---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: release-{index}
  namespace: team-{team}
spec:
  interval: {minutes}m
  timeout: 5m0s
  dependsOn:
    - name: release-{before}
    - {{name: ingress, namespace: infrastructure}}
  chart:
    spec:
      chart: podinfo
      version: ">=6.{minor}.0 <7.0.0"
      sourceRef:
        kind: HelmRepository
        name: podinfo
        namespace: flux-system
  install: {{crds: CreateReplace, remediation: {{retries: 3}}}}
  upgrade:
    remediation: {{retries: 3, remediateLastFailure: true}}
  driftDetection:
    mode: enabled
    ignore:
      - paths: [/spec/replicas]
        target: {{kind: Deployment}}
  values:
    replicaCount: {replicas}
    image: &image
      repository: ghcr.io/stefanprodan/podinfo
      tag: 6.{minor}.1 # {{"$imagepolicy": "flux-system:podinfo:tag"}}
      pullPolicy: IfNotPresent
    sidecar:
      image:
        <<: *image
        repository: ghcr.io/example/sidecar-{hash:x}
    ingress:
      enabled: true
      className: nginx
      hosts:
        - host: release-{index}.example.com
          paths:
            - path: /
              pathType: ImplementationSpecific
      tls: []
    resources:
      requests: {{cpu: 100m, memory: 64Mi}}
    ratio: 0.{ratio}
    maxBytes: {bytes}
    nodeSelector: {{}}
    message: "Welcome to release {index}: \"{hash:x}\"\n"
"#,
        team = hash % 20,
        minutes = 5 + hash % 55,
        before = index.saturating_sub(3),
        minor = hash % 10,
        replicas = 1 + hash % 4,
        ratio = 1 + hash % 99,
        bytes = hash % (1 << 40),
    )
}
