//! Version 1: [`Kustomization`].

mod kustomization;

pub use self::kustomization::{
    BuildMetadata, Decryption, DecryptionProvider, DeletionPolicy, Kustomization,
    KustomizationSpec, KustomizationStatus, PostBuild, SubstituteKind, SubstituteReference,
    SubstituteStrategy,
};
