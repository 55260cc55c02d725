//! Version v1beta1: [`ArtifactGenerator`]. Reasons are in [`reason`].

pub mod reason;

mod artifact_generator;
mod managed_namespaces;

pub use self::artifact_generator::{
    ArtifactGenerator, ArtifactGeneratorSpec, ArtifactGeneratorStatus, CopyOperation, CopyStrategy,
    GeneratorSource, InventoryKind, InventoryRef, OutputArtifact,
};
pub use self::managed_namespaces::{
    ManagedNamespaces, NamespaceMetadata, NamespaceMetadataFromSource, NamespaceMetadataOperation,
    NamespaceMetadataOperations, NamespaceMetadataStrategy,
};
