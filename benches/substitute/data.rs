//! The set that is substituted: manifests of which 1.9 % of the lines hold a variable, the same bytes on every machine.

use std::fmt::{Result, Write};

/// Documents are added until they and the separators between them have so many bytes.
const BYTES: usize = 5_000_000;

/// What stands between two documents.
pub(crate) const SEPARATOR: &str = "---\n";

/// The variables of `spec.postBuild.substitute`.
pub(crate) const VARIABLES: [(&str, &str); 3] = [
    ("domain", "example.com"),
    ("region", "eu-west-1"),
    ("version", "2.0.1"),
];

/// A third each of Deployments, ConfigMaps and HelmReleases, two lines with a variable in each.
pub(crate) fn documents() -> Vec<String> {
    let (mut documents, mut bytes) = (Vec::new(), 0);
    for index in 0.. {
        if bytes >= BYTES {
            break;
        }
        let mut document = String::with_capacity(4 << 10);
        let written = match index % 3 {
            0 => deployment(&mut document, index),
            1 => config_map(&mut document, index),
            _ => helm_release(&mut document, index),
        };
        assert!(written.is_ok(), "a String takes whatever is written");
        bytes += document.len() + SEPARATOR.len();
        documents.push(document);
    }
    documents
}

fn deployment(out: &mut String, index: usize) -> Result {
    write!(
        out,
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{index}
  namespace: ns-{space}
  labels:
    app.kubernetes.io/name: app-{index}
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: app-{index}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-{index}
    spec:
      containers:
",
        space = index % 50,
    )?;
    for name in ["main", "proxy"] {
        container(out, name, index)?;
    }
    write!(
        out,
        "      volumes:
      - name: config
        configMap:
          name: app-{index}
"
    )
}

fn container(out: &mut String, name: &str, index: usize) -> Result {
    write!(
        out,
        "      - name: {name}
        image: registry.example.com/example/app-{index}:${{version:=1.2.3}}
        imagePullPolicy: IfNotPresent
        args:
        - --log-level=info
        - --leader-elect
        - --metrics-bind-address=:8080
        env:
"
    )?;
    for entry in 0..8 {
        write!(
            out,
            "        - name: VAR_{entry}
          value: \"value number {entry} of {index}\"
"
        )?;
    }
    out.write_str(
        "        ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        readinessProbe:
          httpGet:
            path: /ready
            port: http
          initialDelaySeconds: 5
          periodSeconds: 10
        resources:
          limits:
            cpu: 500m
            memory: 512Mi
          requests:
            cpu: 100m
            memory: 128Mi
        volumeMounts:
        - name: config
          mountPath: /config
          readOnly: true
",
    )
}

fn config_map(out: &mut String, index: usize) -> Result {
    write!(
        out,
        "apiVersion: v1
kind: ConfigMap
metadata:
  name: app-{index}
  namespace: ns-{space}
data:
  domain: app.${{domain}}
  config.yaml: |
    listen: 0.0.0.0:8080
    region: ${{region}}
    features:
",
        space = index % 50,
    )?;
    for entry in 0..60 {
        write!(
            out,
            "    - name: feature-{entry}
      enabled: true
"
        )?;
    }
    Ok(())
}

fn helm_release(out: &mut String, index: usize) -> Result {
    write!(
        out,
        "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: rel-{index}
  namespace: ns-{space}
spec:
  interval: 5m
  chart:
    spec:
      chart: app
      version: ${{version:=1.2.3}}
      sourceRef:
        kind: HelmRepository
        name: example
        namespace: flux-system
  values:
    replicaCount: 2
    ingress:
      enabled: true
      hosts:
      - host: rel-{index}.${{domain}}
        paths:
        - path: /
    settings:
",
        space = index % 50,
    )?;
    for entry in 0..50 {
        writeln!(
            out,
            "      key{entry}: some text value {number}",
            number = 7 * entry
        )?;
    }
    Ok(())
}
