//! The kinds that references may name.

use crate::wire::open_enum;

open_enum! {
    /// A kind of Flux, in a reference.
    ///
    /// Which of them are allowed depends on the field; the schema of the field lists them. A kind that is not known here
    /// survives as [`Kind::Other`], so that a reference to a newer kind never makes an object unreadable.
    Kind {
        Alert = "Alert",
        ArtifactGenerator = "ArtifactGenerator",
        Bucket = "Bucket",
        ExternalArtifact = "ExternalArtifact",
        GitRepository = "GitRepository",
        HelmChart = "HelmChart",
        HelmRelease = "HelmRelease",
        HelmRepository = "HelmRepository",
        ImagePolicy = "ImagePolicy",
        ImageRepository = "ImageRepository",
        ImageUpdateAutomation = "ImageUpdateAutomation",
        Kustomization = "Kustomization",
        OCIRepository = "OCIRepository",
        Provider = "Provider",
        Receiver = "Receiver",
    }
}
