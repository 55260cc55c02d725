package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/artifact/config"
	"github.com/fluxcd/pkg/cache"
	"github.com/fluxcd/pkg/runtime/acl"
	"github.com/fluxcd/pkg/runtime/client"
	"github.com/fluxcd/pkg/runtime/controller"
	"github.com/fluxcd/pkg/runtime/features"
	"github.com/fluxcd/pkg/runtime/jitter"
	"github.com/fluxcd/pkg/runtime/leaderelection"
	"github.com/fluxcd/pkg/runtime/logger"
	"github.com/spf13/pflag"
)

// What package auth calls its gate and its flags.
const (
	identity          = "ObjectLevelWorkloadIdentity"
	defaultAccount    = "default-service-account"
	kubeConfigAccount = "default-kubeconfig-service-account"
	decryptionAccount = "default-decryption-service-account"
)

// flagsParse does what the main functions of the controllers do with their
// arguments. Their own flags and gates are transcribed; those that they share
// are bound by the functions that they call.
func flagsParse(raw json.RawMessage) answer {
	in := input[struct {
		Controller, Version string
		Args                []string
	}](raw)
	fs := pflag.NewFlagSet(in.Controller, pflag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	c := controllers[in.Controller]
	var gates features.FeatureGates
	var interval jitter.IntervalOptions
	bindShared(fs, in.Controller, &gates, &interval)
	c.bind(fs, in.Version == "2.10")
	if err := fs.Parse(in.Args); err != nil {
		return failed(flagsKind(err), err)
	}
	supported := map[string]bool{}
	for _, gate := range strings.Fields(c.gates) {
		name, isOn := strings.CutPrefix(gate, "+")
		supported[name] = isOn
	}
	if in.Controller != "source-watcher" {
		supported[identity] = false
	}
	if err := gates.SupportedFeatures(supported); err != nil {
		return failed("gate", err)
	}
	on := maps.Clone(supported)
	if in.Version == "2.10" {
		delete(on, identity)
	} else if in.Controller != "source-watcher" && !on[identity] && flagsAccount(fs, c) {
		return failed("account", errors.New("a default account without its gate"))
	}
	if fs.Lookup("interval-jitter-percentage") != nil {
		if err := interval.SetGlobalJitter(nil); err != nil {
			return failed("jitter", err)
		}
	}
	values := object{}
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Name != "feature-gates" {
			values[f.Name] = flagsValue(fs, f)
		}
	})
	return ok(object{"flags": values, "gates": on})
}

func flagsKind(err error) string {
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return "help"
	case errors.As(err, &invalid):
		return "value"
	case errors.As(err, &syntax):
		return "syntax"
	case errors.As(err, &unknown):
		return "flag"
	case errors.As(err, &missing):
		return "missing"
	}
	return "unclassified"
}

// flagsAccount tells whether a default account for authentication is set.
func flagsAccount(fs *pflag.FlagSet, c flux) bool {
	names := []string{kubeConfigAccount, decryptionAccount}
	if !c.impersonates {
		names = append(names, defaultAccount)
	}
	for _, name := range names {
		if f := fs.Lookup(name); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

func flagsValue(fs *pflag.FlagSet, f *pflag.Flag) any {
	switch f.Value.Type() {
	case "bool", "int", "int64", "uint8", "uint16":
		var value any
		if err := json.Unmarshal([]byte(f.Value.String()), &value); err != nil {
			panic(err)
		}
		if number, isNumber := value.(float64); isNumber && math.Abs(number) > 1<<53 {
			return f.Value.String()
		}
		return value
	case "float32":
		value, _ := fs.GetFloat32(f.Name)
		if math.IsNaN(float64(value)) || math.IsInf(float64(value), 0) {
			return nil
		}
		return float64(value)
	case "stringArray", "stringSlice":
		return append([]string{}, f.Value.(pflag.SliceValue).GetSlice()...)
	}
	return f.Value.String()
}

func bindShared(fs *pflag.FlagSet, name string, gates *features.FeatureGates, interval *jitter.IntervalOptions) {
	has := func(names string) bool { return strings.Contains(" "+names+" ", " "+name+" ") }
	gates.BindFlags(fs)
	new(client.Options).BindFlags(fs)
	new(logger.Options).BindFlags(fs)
	new(leaderelection.Options).BindFlags(fs)
	new(controller.RateLimiterOptions).BindFlags(fs)
	if has("notification-controller") {
		fs.Bool("watch-all-namespaces", true, "")
		fs.String("watch-configs-label-selector", meta.LabelKeyWatch+"="+meta.LabelValueWatchEnabled, "")
	} else {
		new(controller.WatchOptions).BindFlags(fs)
	}
	if !has("source-controller") {
		new(acl.Options).BindFlags(fs)
	}
	if has("kustomize-controller helm-controller source-controller source-watcher") {
		interval.BindFlags(fs)
	}
	if has("kustomize-controller helm-controller") {
		new(client.KubeConfigOptions).BindFlags(fs)
	}
	if has("source-controller source-watcher") {
		new(config.Options).BindFlags(fs)
	}
	if !has("source-watcher") {
		new(cache.TokenFlags).BindFlags(fs, 100)
		fs.String(defaultAccount, "", "")
	}
	fs.String("metrics-addr", ":8080", "")
	fs.String("health-addr", ":9440", "")
	fs.String("events-addr", map[bool]string{true: ":9090"}[has("notification-controller")], "")
}

// flux is a controller: its own flags, its gates, those that are on with a plus
// in front, and whether it impersonates the default account.
type flux struct {
	bind         func(fs *pflag.FlagSet, is210 bool)
	gates        string
	impersonates bool
}

var controllers = map[string]flux{
	"helm-controller": {func(fs *pflag.FlagSet, _ bool) {
		fs.Int("concurrent", 4, "")
		fs.Duration("requeue-dependency", 30*time.Second, "")
		fs.Duration("graceful-shutdown-timeout", 600*time.Second, "")
		fs.Int("http-retry", 9, "")
		fs.Duration("http-timeout", 30*time.Second, "")
		fs.String(kubeConfigAccount, "", "")
		fs.Uint8("oom-watch-memory-threshold", 95, "")
		fs.Duration("oom-watch-interval", 500*time.Millisecond, "")
		fs.String("oom-watch-max-memory-path", "", "")
		fs.String("oom-watch-current-memory-path", "", "")
		fs.String("snapshot-digest-algo", "sha256", "")
		fs.StringArray("override-manager", []string{}, "")
	}, "CacheSecretsAndConfigMaps DetectDrift CorrectDrift AllowDNSLookups OOMWatch AdoptLegacyReleases " +
		"DisableChartDigestTracking AdditiveCELDependencyCheck ExternalArtifact DisableConfigWatchers DirectSourceFetch " +
		"UseHelm3Defaults CancelHealthCheckOnNewRevision DefaultToRetryOnFailure", true},
	"image-automation-controller": {func(fs *pflag.FlagSet, _ bool) {
		fs.Int("concurrent", 4, "")
		fs.StringSlice("ssh-kex-algos", []string{}, "")
		fs.StringSlice("ssh-hostkey-algos", []string{}, "")
	}, "+GitForcePushBranch +GitShallowClone +GitAllBranchReferences GitSparseCheckout CacheSecretsAndConfigMaps", false},
	"image-reflector-controller": {func(fs *pflag.FlagSet, _ bool) {
		fs.String("storage-path", "/data", "")
		fs.Int64("storage-value-log-file-size", 1<<28, "")
		fs.Int("storage-compression-threshold", 64, "")
		fs.Uint16("gc-interval", 10, "")
		fs.Int("concurrent", 4, "")
		fs.Duration("requeue-dependency", 30*time.Second, "")
	}, "CacheSecretsAndConfigMaps FluxStorage", false},
	"kustomize-controller": {func(fs *pflag.FlagSet, is210 bool) {
		fs.Int("concurrent", 4, "")
		fs.Int("concurrent-ssa", 4, "")
		fs.Duration("requeue-dependency", 30*time.Second, "")
		fs.Bool("no-remote-bases", false, "")
		fs.Int("http-retry", 9, "")
		fs.String(decryptionAccount, "", "")
		fs.String(kubeConfigAccount, "", "")
		fs.String("sops-age-secret", "", "")
		fs.String("sops-vault-configmap", "", "")
		fs.StringArray("override-manager", []string{}, "")
		fs.String("custom-apply-stage-kinds", "", "")
		if is210 {
			fs.StringArray("override-manager-before-dry-run", []string{}, "")
			fs.StringArray("authorized-artifact-server-spiffe-id", nil, "")
			bindSPIFFE(fs)
		}
	}, "CacheSecretsAndConfigMaps +DisableStatusPollerCache DisableFailFastBehavior +StrictPostBuildSubstitutions " +
		"GroupChangeLog AdditiveCELDependencyCheck ExternalArtifact CancelHealthCheckOnNewRevision DisableConfigWatchers " +
		"DirectSourceFetch MigrateAPIVersion DisableCommitStatusEvent", true},
	"notification-controller": {func(fs *pflag.FlagSet, _ bool) {
		fs.String("receiverAddr", ":9292", "")
		fs.Int("concurrent", 4, "")
		fs.Duration("rate-limit-interval", 5*time.Minute, "")
		fs.Bool("export-http-path-metrics", false, "")
	}, "CacheSecretsAndConfigMaps DisableConfigWatchers", false},
	"source-controller": {func(fs *pflag.FlagSet, is210 bool) {
		fs.Int("concurrent", 2, "")
		fs.Int64("helm-index-max-size", 50<<20, "")
		fs.Int64("helm-chart-max-size", 10<<20, "")
		fs.Int64("helm-chart-file-max-size", 5<<20, "")
		fs.Duration("requeue-dependency", 30*time.Second, "")
		fs.Int("helm-cache-max-size", 0, "")
		fs.String("helm-cache-ttl", "15m", "")
		fs.String("helm-cache-purge-interval", "1m", "")
		fs.StringSlice("ssh-kex-algos", []string{}, "")
		fs.StringSlice("ssh-hostkey-algos", []string{}, "")
		if is210 {
			fs.StringArray("authorized-artifact-client-spiffe-id", nil, "")
			bindSPIFFE(fs)
		}
	}, "CacheSecretsAndConfigMaps", false},
	"source-watcher": {func(fs *pflag.FlagSet, _ bool) {
		fs.Int("concurrent", 10, "")
		fs.Int("http-retry", 9, "")
		fs.Duration("reconciliation-timeout", 10*time.Minute, "")
		fs.Duration("requeue-dependency", 5*time.Second, "")
	}, "DirectSourceFetch", false},
}

func bindSPIFFE(fs *pflag.FlagSet) {
	fs.StringArray("authorized-event-server-spiffe-id", nil, "")
	fs.String("spiffe-broker-endpoint", "", "")
	fs.StringArray("spiffe-broker-id", nil, "")
}
