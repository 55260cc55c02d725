//! What only a real API server can tell. Without the directory that `KUBEBUILDER_ASSETS` names, these tests skip.
