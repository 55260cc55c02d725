//! The built-in kinds, as k8s.io/client-go v0.36.2 knows them. Written by `conformance/oracle/shapes`.
//!
//! The text of a shape names its fields: "name:type", with "?" behind the name of a field that is left out where it is
//! empty and "!" behind that of one that is left out where it is zero. A type is a number, which is another shape, or a
//! word, behind any of "*" for a pointer, "[]" for a list and "{}" for a map.

/// The kinds that are objects, by API version, each with the number of its shape. Sorted.
#[rustfmt::skip]
pub(super) static KINDS: &[(&str, &[(&str, u16)])] = &[
    ("admissionregistration.k8s.io/v1", &[("MutatingAdmissionPolicy", 5), ("MutatingAdmissionPolicyBinding", 6), ("MutatingWebhookConfiguration", 10), ("ValidatingAdmissionPolicy", 18), ("ValidatingAdmissionPolicyBinding", 19), ("ValidatingWebhookConfiguration", 24)]),
    ("admissionregistration.k8s.io/v1alpha1", &[("MutatingAdmissionPolicy", 5), ("MutatingAdmissionPolicyBinding", 6), ("ValidatingAdmissionPolicy", 18), ("ValidatingAdmissionPolicyBinding", 19)]),
    ("admissionregistration.k8s.io/v1beta1", &[("MutatingAdmissionPolicy", 5), ("MutatingAdmissionPolicyBinding", 6), ("MutatingWebhookConfiguration", 28), ("ValidatingAdmissionPolicy", 18), ("ValidatingAdmissionPolicyBinding", 19), ("ValidatingWebhookConfiguration", 30)]),
    ("apps/v1", &[("ControllerRevision", 45), ("DaemonSet", 46), ("Deployment", 51), ("ReplicaSet", 55), ("StatefulSet", 60)]),
    ("apps/v1beta1", &[("ControllerRevision", 45), ("Deployment", 66), ("Scale", 69), ("StatefulSet", 72)]),
    ("apps/v1beta2", &[("ControllerRevision", 45), ("DaemonSet", 46), ("Deployment", 51), ("ReplicaSet", 55), ("Scale", 69), ("StatefulSet", 60)]),
    ("authentication.k8s.io/v1", &[("SelfSubjectReview", 76), ("TokenRequest", 78), ("TokenReview", 81)]),
    ("authentication.k8s.io/v1alpha1", &[("SelfSubjectReview", 76)]),
    ("authentication.k8s.io/v1beta1", &[("SelfSubjectReview", 76), ("TokenReview", 81)]),
    ("authorization.k8s.io/v1", &[("LocalSubjectAccessReview", 86), ("SelfSubjectAccessReview", 91), ("SelfSubjectRulesReview", 93), ("SubjectAccessReview", 86)]),
    ("authorization.k8s.io/v1beta1", &[("LocalSubjectAccessReview", 98), ("SelfSubjectAccessReview", 91), ("SelfSubjectRulesReview", 93), ("SubjectAccessReview", 98)]),
    ("autoscaling/v1", &[("HorizontalPodAutoscaler", 101), ("Scale", 104)]),
    ("autoscaling/v2", &[("HorizontalPodAutoscaler", 112)]),
    ("batch/v1", &[("CronJob", 125), ("Job", 128)]),
    ("batch/v1beta1", &[("CronJob", 125)]),
    ("certificates.k8s.io/v1", &[("CertificateSigningRequest", 140)]),
    ("certificates.k8s.io/v1alpha1", &[("ClusterTrustBundle", 144)]),
    ("certificates.k8s.io/v1beta1", &[("CertificateSigningRequest", 146), ("ClusterTrustBundle", 144), ("PodCertificateRequest", 148)]),
    ("coordination.k8s.io/v1", &[("Lease", 151)]),
    ("coordination.k8s.io/v1alpha2", &[("LeaseCandidate", 153)]),
    ("coordination.k8s.io/v1beta1", &[("Lease", 151), ("LeaseCandidate", 153)]),
    ("discovery.k8s.io/v1", &[("EndpointSlice", 354)]),
    ("discovery.k8s.io/v1beta1", &[("EndpointSlice", 356)]),
    ("events.k8s.io/v1", &[("Event", 357)]),
    ("events.k8s.io/v1beta1", &[("Event", 357)]),
    ("extensions/v1beta1", &[("DaemonSet", 359), ("Deployment", 66), ("Ingress", 364), ("NetworkPolicy", 372), ("ReplicaSet", 378), ("Scale", 69)]),
    ("flowcontrol.apiserver.k8s.io/v1", &[("FlowSchema", 382), ("PriorityLevelConfiguration", 390)]),
    ("flowcontrol.apiserver.k8s.io/v1beta1", &[("FlowSchema", 382), ("PriorityLevelConfiguration", 397)]),
    ("flowcontrol.apiserver.k8s.io/v1beta2", &[("FlowSchema", 382), ("PriorityLevelConfiguration", 397)]),
    ("flowcontrol.apiserver.k8s.io/v1beta3", &[("FlowSchema", 382), ("PriorityLevelConfiguration", 400)]),
    ("internal.apiserver.k8s.io/v1alpha1", &[("StorageVersion", 41)]),
    ("networking.k8s.io/v1", &[("IPAddress", 404), ("Ingress", 406), ("IngressClass", 408), ("NetworkPolicy", 372), ("ServiceCIDR", 416)]),
    ("networking.k8s.io/v1beta1", &[("IPAddress", 404), ("Ingress", 364), ("IngressClass", 408), ("ServiceCIDR", 416)]),
    ("node.k8s.io/v1", &[("RuntimeClass", 420)]),
    ("node.k8s.io/v1alpha1", &[("RuntimeClass", 422)]),
    ("node.k8s.io/v1beta1", &[("RuntimeClass", 420)]),
    ("policy/v1", &[("Eviction", 424), ("PodDisruptionBudget", 425)]),
    ("policy/v1beta1", &[("Eviction", 424), ("PodDisruptionBudget", 425)]),
    ("rbac.authorization.k8s.io/v1", &[("ClusterRole", 429), ("ClusterRoleBinding", 430), ("Role", 432), ("RoleBinding", 430)]),
    ("rbac.authorization.k8s.io/v1alpha1", &[("ClusterRole", 429), ("ClusterRoleBinding", 435), ("Role", 432), ("RoleBinding", 435)]),
    ("rbac.authorization.k8s.io/v1beta1", &[("ClusterRole", 429), ("ClusterRoleBinding", 430), ("Role", 432), ("RoleBinding", 430)]),
    ("resource.k8s.io/v1", &[("DeviceClass", 452), ("ResourceClaim", 465), ("ResourceClaimTemplate", 469), ("ResourceSlice", 472)]),
    ("resource.k8s.io/v1alpha3", &[("DeviceTaintRule", 474), ("ResourcePoolStatusRequest", 478)]),
    ("resource.k8s.io/v1beta1", &[("DeviceClass", 452), ("ResourceClaim", 485), ("ResourceClaimTemplate", 487), ("ResourceSlice", 489)]),
    ("resource.k8s.io/v1beta2", &[("DeviceClass", 452), ("DeviceTaintRule", 474), ("ResourceClaim", 465), ("ResourceClaimTemplate", 469), ("ResourceSlice", 472)]),
    ("scheduling.k8s.io/v1", &[("PriorityClass", 491)]),
    ("scheduling.k8s.io/v1alpha2", &[("PodGroup", 493), ("Workload", 502)]),
    ("scheduling.k8s.io/v1beta1", &[("PriorityClass", 491)]),
    ("storage.k8s.io/v1", &[("CSIDriver", 505), ("CSINode", 507), ("CSIStorageCapacity", 510), ("StorageClass", 511), ("VolumeAttachment", 513), ("VolumeAttributesClass", 517)]),
    ("storage.k8s.io/v1alpha1", &[("CSIStorageCapacity", 510), ("VolumeAttachment", 513), ("VolumeAttributesClass", 517)]),
    ("storage.k8s.io/v1beta1", &[("CSIDriver", 505), ("CSINode", 507), ("CSIStorageCapacity", 510), ("StorageClass", 511), ("VolumeAttachment", 513), ("VolumeAttributesClass", 517)]),
    ("storagemigration.k8s.io/v1beta1", &[("StorageVersionMigration", 520)]),
    ("v1", &[("Binding", 162), ("ComponentStatus", 173), ("ConfigMap", 174), ("Endpoints", 201), ("Event", 207), ("LimitRange", 233), ("Namespace", 243), ("Node", 246), ("PersistentVolume", 265), ("PersistentVolumeClaim", 266), ("Pod", 274), ("PodStatusResult", 290), ("PodTemplate", 291), ("RangeAllocation", 301), ("ReplicationController", 302), ("ResourceQuota", 308), ("Secret", 318), ("Service", 322), ("ServiceAccount", 323)]),
];

/// The kinds that are registered and are no objects, by API version; those of "" in every version. Sorted.
#[rustfmt::skip]
pub(super) static OTHERS: &[(&str, &[&str])] = &[
    ("", &["APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "Status"]),
    ("__internal", &["WatchEvent"]),
    ("admissionregistration.k8s.io/__internal", &["WatchEvent"]),
    ("admissionregistration.k8s.io/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "MutatingAdmissionPolicyBindingList", "MutatingAdmissionPolicyList", "MutatingWebhookConfigurationList", "PatchOptions", "UpdateOptions", "ValidatingAdmissionPolicyBindingList", "ValidatingAdmissionPolicyList", "ValidatingWebhookConfigurationList", "WatchEvent"]),
    ("admissionregistration.k8s.io/v1alpha1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "MutatingAdmissionPolicyBindingList", "MutatingAdmissionPolicyList", "PatchOptions", "UpdateOptions", "ValidatingAdmissionPolicyBindingList", "ValidatingAdmissionPolicyList", "WatchEvent"]),
    ("admissionregistration.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "MutatingAdmissionPolicyBindingList", "MutatingAdmissionPolicyList", "MutatingWebhookConfigurationList", "PatchOptions", "UpdateOptions", "ValidatingAdmissionPolicyBindingList", "ValidatingAdmissionPolicyList", "ValidatingWebhookConfigurationList", "WatchEvent"]),
    ("apps/__internal", &["WatchEvent"]),
    ("apps/v1", &["ControllerRevisionList", "CreateOptions", "DaemonSetList", "DeleteOptions", "DeploymentList", "GetOptions", "ListOptions", "PatchOptions", "ReplicaSetList", "StatefulSetList", "UpdateOptions", "WatchEvent"]),
    ("apps/v1beta1", &["ControllerRevisionList", "CreateOptions", "DeleteOptions", "DeploymentList", "DeploymentRollback", "GetOptions", "ListOptions", "PatchOptions", "StatefulSetList", "UpdateOptions", "WatchEvent"]),
    ("apps/v1beta2", &["ControllerRevisionList", "CreateOptions", "DaemonSetList", "DeleteOptions", "DeploymentList", "GetOptions", "ListOptions", "PatchOptions", "ReplicaSetList", "StatefulSetList", "UpdateOptions", "WatchEvent"]),
    ("authentication.k8s.io/__internal", &["WatchEvent"]),
    ("authentication.k8s.io/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("authentication.k8s.io/v1alpha1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("authentication.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("authorization.k8s.io/__internal", &["WatchEvent"]),
    ("authorization.k8s.io/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("authorization.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("autoscaling/__internal", &["WatchEvent"]),
    ("autoscaling/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "HorizontalPodAutoscalerList", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("autoscaling/v2", &["CreateOptions", "DeleteOptions", "GetOptions", "HorizontalPodAutoscalerList", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("batch/__internal", &["WatchEvent"]),
    ("batch/v1", &["CreateOptions", "CronJobList", "DeleteOptions", "GetOptions", "JobList", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("batch/v1beta1", &["CreateOptions", "CronJobList", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("certificates.k8s.io/__internal", &["WatchEvent"]),
    ("certificates.k8s.io/v1", &["CertificateSigningRequestList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("certificates.k8s.io/v1alpha1", &["ClusterTrustBundleList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("certificates.k8s.io/v1beta1", &["CertificateSigningRequestList", "ClusterTrustBundleList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "PodCertificateRequestList", "UpdateOptions", "WatchEvent"]),
    ("coordination.k8s.io/__internal", &["WatchEvent"]),
    ("coordination.k8s.io/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "LeaseList", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("coordination.k8s.io/v1alpha2", &["CreateOptions", "DeleteOptions", "GetOptions", "LeaseCandidateList", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("coordination.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "LeaseCandidateList", "LeaseList", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("discovery.k8s.io/__internal", &["WatchEvent"]),
    ("discovery.k8s.io/v1", &["CreateOptions", "DeleteOptions", "EndpointSliceList", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("discovery.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "EndpointSliceList", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("events.k8s.io/__internal", &["WatchEvent"]),
    ("events.k8s.io/v1", &["CreateOptions", "DeleteOptions", "EventList", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("events.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "EventList", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]),
    ("extensions/__internal", &["WatchEvent"]),
    ("extensions/v1beta1", &["CreateOptions", "DaemonSetList", "DeleteOptions", "DeploymentList", "DeploymentRollback", "GetOptions", "IngressList", "ListOptions", "NetworkPolicyList", "PatchOptions", "ReplicaSetList", "UpdateOptions", "WatchEvent"]),
    ("flowcontrol.apiserver.k8s.io/__internal", &["WatchEvent"]),
    ("flowcontrol.apiserver.k8s.io/v1", &["CreateOptions", "DeleteOptions", "FlowSchemaList", "GetOptions", "ListOptions", "PatchOptions", "PriorityLevelConfigurationList", "UpdateOptions", "WatchEvent"]),
    ("flowcontrol.apiserver.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "FlowSchemaList", "GetOptions", "ListOptions", "PatchOptions", "PriorityLevelConfigurationList", "UpdateOptions", "WatchEvent"]),
    ("flowcontrol.apiserver.k8s.io/v1beta2", &["CreateOptions", "DeleteOptions", "FlowSchemaList", "GetOptions", "ListOptions", "PatchOptions", "PriorityLevelConfigurationList", "UpdateOptions", "WatchEvent"]),
    ("flowcontrol.apiserver.k8s.io/v1beta3", &["CreateOptions", "DeleteOptions", "FlowSchemaList", "GetOptions", "ListOptions", "PatchOptions", "PriorityLevelConfigurationList", "UpdateOptions", "WatchEvent"]),
    ("internal.apiserver.k8s.io/__internal", &["WatchEvent"]),
    ("internal.apiserver.k8s.io/v1alpha1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "StorageVersionList", "UpdateOptions", "WatchEvent"]),
    ("networking.k8s.io/__internal", &["WatchEvent"]),
    ("networking.k8s.io/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "IPAddressList", "IngressClassList", "IngressList", "ListOptions", "NetworkPolicyList", "PatchOptions", "ServiceCIDRList", "UpdateOptions", "WatchEvent"]),
    ("networking.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "IPAddressList", "IngressClassList", "IngressList", "ListOptions", "PatchOptions", "ServiceCIDRList", "UpdateOptions", "WatchEvent"]),
    ("node.k8s.io/__internal", &["WatchEvent"]),
    ("node.k8s.io/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "RuntimeClassList", "UpdateOptions", "WatchEvent"]),
    ("node.k8s.io/v1alpha1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "RuntimeClassList", "UpdateOptions", "WatchEvent"]),
    ("node.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "RuntimeClassList", "UpdateOptions", "WatchEvent"]),
    ("policy/__internal", &["WatchEvent"]),
    ("policy/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "PodDisruptionBudgetList", "UpdateOptions", "WatchEvent"]),
    ("policy/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "PodDisruptionBudgetList", "UpdateOptions", "WatchEvent"]),
    ("rbac.authorization.k8s.io/__internal", &["WatchEvent"]),
    ("rbac.authorization.k8s.io/v1", &["ClusterRoleBindingList", "ClusterRoleList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "RoleBindingList", "RoleList", "UpdateOptions", "WatchEvent"]),
    ("rbac.authorization.k8s.io/v1alpha1", &["ClusterRoleBindingList", "ClusterRoleList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "RoleBindingList", "RoleList", "UpdateOptions", "WatchEvent"]),
    ("rbac.authorization.k8s.io/v1beta1", &["ClusterRoleBindingList", "ClusterRoleList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "RoleBindingList", "RoleList", "UpdateOptions", "WatchEvent"]),
    ("resource.k8s.io/__internal", &["WatchEvent"]),
    ("resource.k8s.io/v1", &["CreateOptions", "DeleteOptions", "DeviceClassList", "GetOptions", "ListOptions", "PatchOptions", "ResourceClaimList", "ResourceClaimTemplateList", "ResourceSliceList", "UpdateOptions", "WatchEvent"]),
    ("resource.k8s.io/v1alpha3", &["CreateOptions", "DeleteOptions", "DeviceTaintRuleList", "GetOptions", "ListOptions", "PatchOptions", "ResourcePoolStatusRequestList", "UpdateOptions", "WatchEvent"]),
    ("resource.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "DeviceClassList", "GetOptions", "ListOptions", "PatchOptions", "ResourceClaimList", "ResourceClaimTemplateList", "ResourceSliceList", "UpdateOptions", "WatchEvent"]),
    ("resource.k8s.io/v1beta2", &["CreateOptions", "DeleteOptions", "DeviceClassList", "DeviceTaintRuleList", "GetOptions", "ListOptions", "PatchOptions", "ResourceClaimList", "ResourceClaimTemplateList", "ResourceSliceList", "UpdateOptions", "WatchEvent"]),
    ("scheduling.k8s.io/__internal", &["WatchEvent"]),
    ("scheduling.k8s.io/v1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "PriorityClassList", "UpdateOptions", "WatchEvent"]),
    ("scheduling.k8s.io/v1alpha2", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "PodGroupList", "UpdateOptions", "WatchEvent", "WorkloadList"]),
    ("scheduling.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "PriorityClassList", "UpdateOptions", "WatchEvent"]),
    ("storage.k8s.io/__internal", &["WatchEvent"]),
    ("storage.k8s.io/v1", &["CSIDriverList", "CSINodeList", "CSIStorageCapacityList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "StorageClassList", "UpdateOptions", "VolumeAttachmentList", "VolumeAttributesClassList", "WatchEvent"]),
    ("storage.k8s.io/v1alpha1", &["CSIStorageCapacityList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "VolumeAttachmentList", "VolumeAttributesClassList", "WatchEvent"]),
    ("storage.k8s.io/v1beta1", &["CSIDriverList", "CSINodeList", "CSIStorageCapacityList", "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "StorageClassList", "UpdateOptions", "VolumeAttachmentList", "VolumeAttributesClassList", "WatchEvent"]),
    ("storagemigration.k8s.io/__internal", &["WatchEvent"]),
    ("storagemigration.k8s.io/v1beta1", &["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "StorageVersionMigrationList", "UpdateOptions", "WatchEvent"]),
    ("v1", &["ComponentStatusList", "ConfigMapList", "CreateOptions", "DeleteOptions", "EndpointsList", "EventList", "GetOptions", "LimitRangeList", "List", "ListOptions", "NamespaceList", "NodeList", "NodeProxyOptions", "PatchOptions", "PersistentVolumeClaimList", "PersistentVolumeList", "PodAttachOptions", "PodExecOptions", "PodList", "PodLogOptions", "PodPortForwardOptions", "PodProxyOptions", "PodTemplateList", "ReplicationControllerList", "ResourceQuotaList", "SecretList", "SerializedReference", "ServiceAccountList", "ServiceList", "ServiceProxyOptions", "UpdateOptions", "WatchEvent"]),
];

/// The shapes, by number.
#[rustfmt::skip]
pub(super) static SHAPES: &[&str] = &[
    "expression?:string", // admissionregistration/v1.ApplyConfiguration
    "key:string valueExpression:string", // admissionregistration/v1.AuditAnnotation
    "fieldRef:string warning:string", // admissionregistration/v1.ExpressionWarning
    "name:string expression:string", // admissionregistration/v1.MatchCondition
    "namespaceSelector?:*35 objectSelector?:*35 resourceRules?:[]12 excludeResourceRules?:[]12 matchPolicy?:*string", // admissionregistration/v1.MatchResources
    "kind?:string apiVersion?:string metadata?:37 spec?:8", // admissionregistration/v1.MutatingAdmissionPolicy
    "kind?:string apiVersion?:string metadata?:37 spec?:7", // admissionregistration/v1.MutatingAdmissionPolicyBinding
    "policyName?:string paramRef?:*14 matchResources?:*4", // admissionregistration/v1.MutatingAdmissionPolicyBindingSpec
    "paramKind?:*13 matchConstraints?:*4 variables?:[]3 mutations?:[]11 failurePolicy?:*string matchConditions?:[]3 reinvocationPolicy?:string", // admissionregistration/v1.MutatingAdmissionPolicySpec
    "name:string clientConfig:26 rules?:[]15 failurePolicy?:*string matchPolicy?:*string namespaceSelector?:*35 objectSelector?:*35 sideEffects:*string timeoutSeconds?:*int32 admissionReviewVersions:[]string reinvocationPolicy?:*string matchConditions?:[]3", // admissionregistration/v1.MutatingWebhook
    "kind?:string apiVersion?:string metadata?:37 webhooks?:[]9", // admissionregistration/v1.MutatingWebhookConfiguration
    "patchType:string applyConfiguration?:*0 jsonPatch?:*0", // admissionregistration/v1.Mutation
    "resourceNames?:[]string operations?:[]string apiGroups?:[]string apiVersions?:[]string resources?:[]string scope?:*string", // admissionregistration/v1.NamedRuleWithOperations
    "apiVersion?:string kind?:string", // admissionregistration/v1.ParamKind
    "name?:string namespace?:string selector?:*35 parameterNotFoundAction?:*string", // admissionregistration/v1.ParamRef
    "operations?:[]string apiGroups?:[]string apiVersions?:[]string resources?:[]string scope?:*string", // admissionregistration/v1.RuleWithOperations
    "namespace:string name:string path?:*string port?:*int32", // admissionregistration/v1.ServiceReference
    "expressionWarnings?:[]2", // admissionregistration/v1.TypeChecking
    "kind?:string apiVersion?:string metadata?:37 spec?:21 status?:22", // admissionregistration/v1.ValidatingAdmissionPolicy
    "kind?:string apiVersion?:string metadata?:37 spec?:20", // admissionregistration/v1.ValidatingAdmissionPolicyBinding
    "policyName?:string paramRef?:*14 matchResources?:*4 validationActions?:[]string", // admissionregistration/v1.ValidatingAdmissionPolicyBindingSpec
    "paramKind?:*13 matchConstraints?:*4 validations?:[]25 failurePolicy?:*string auditAnnotations?:[]1 matchConditions?:[]3 variables?:[]3", // admissionregistration/v1.ValidatingAdmissionPolicySpec
    "observedGeneration?:int64 typeChecking?:*17 conditions?:[]31", // admissionregistration/v1.ValidatingAdmissionPolicyStatus
    "name:string clientConfig:26 rules?:[]15 failurePolicy?:*string matchPolicy?:*string namespaceSelector?:*35 objectSelector?:*35 sideEffects:*string timeoutSeconds?:*int32 admissionReviewVersions:[]string matchConditions?:[]3", // admissionregistration/v1.ValidatingWebhook
    "kind?:string apiVersion?:string metadata?:37 webhooks?:[]23", // admissionregistration/v1.ValidatingWebhookConfiguration
    "expression:string message?:string reason?:*string messageExpression?:string", // admissionregistration/v1.Validation
    "url?:*string service?:*16 caBundle?:bytes", // admissionregistration/v1.WebhookClientConfig
    "name:string clientConfig:26 rules?:[]15 failurePolicy?:*string matchPolicy?:*string namespaceSelector?:*35 objectSelector?:*35 sideEffects?:*string timeoutSeconds?:*int32 admissionReviewVersions?:[]string reinvocationPolicy?:*string matchConditions?:[]3", // admissionregistration/v1beta1.MutatingWebhook
    "kind?:string apiVersion?:string metadata?:37 webhooks?:[]27", // admissionregistration/v1beta1.MutatingWebhookConfiguration
    "name:string clientConfig:26 rules?:[]15 failurePolicy?:*string matchPolicy?:*string namespaceSelector?:*35 objectSelector?:*35 sideEffects?:*string timeoutSeconds?:*int32 admissionReviewVersions?:[]string matchConditions?:[]3", // admissionregistration/v1beta1.ValidatingWebhook
    "kind?:string apiVersion?:string metadata?:37 webhooks?:[]29", // admissionregistration/v1beta1.ValidatingWebhookConfiguration
    "type:string status:string observedGeneration?:int64 lastTransitionTime:time reason:string message:string", // apimachinery/pkg/apis/meta/v1.Condition
    "kind?:string apiVersion?:string gracePeriodSeconds?:*int64 preconditions?:*39 orphanDependents?:*bool propagationPolicy?:*string dryRun?:[]string ignoreStoreReadErrorWithClusterBreakingPotential?:*bool", // apimachinery/pkg/apis/meta/v1.DeleteOptions
    "key:string operator:string values?:[]string", // apimachinery/pkg/apis/meta/v1.FieldSelectorRequirement
    "group:string resource:string", // apimachinery/pkg/apis/meta/v1.GroupResource
    "matchLabels?:{}string matchExpressions?:[]33", // apimachinery/pkg/apis/meta/v1.LabelSelector
    "manager?:string operation?:string apiVersion?:string time?:*time fieldsType?:string fieldsV1?:*any subresource?:string", // apimachinery/pkg/apis/meta/v1.ManagedFieldsEntry
    "name?:string generateName?:string namespace?:string selfLink?:string uid?:string resourceVersion?:string generation?:int64 creationTimestamp?!:time deletionTimestamp?:*time deletionGracePeriodSeconds?:*int64 labels?:{}string annotations?:{}string ownerReferences?:[]38 finalizers?:[]string managedFields?:[]36", // apimachinery/pkg/apis/meta/v1.ObjectMeta
    "apiVersion:string kind:string name:string uid:string controller?:*bool blockOwnerDeletion?:*bool", // apimachinery/pkg/apis/meta/v1.OwnerReference
    "uid?:*string resourceVersion?:*string", // apimachinery/pkg/apis/meta/v1.Preconditions
    "apiServerID?:string encodingVersion?:string decodableVersions?:[]string servedVersions?:[]string", // apiserverinternal/v1alpha1.ServerStorageVersion
    "kind?:string apiVersion?:string metadata?:37 spec:43 status:44", // apiserverinternal/v1alpha1.StorageVersion
    "type:string status:string observedGeneration?:int64 lastTransitionTime?:time reason:string message?:string", // apiserverinternal/v1alpha1.StorageVersionCondition
    "", // apiserverinternal/v1alpha1.StorageVersionSpec
    "storageVersions?:[]40 commonEncodingVersion?:*string conditions?:[]42", // apiserverinternal/v1alpha1.StorageVersionStatus
    "kind?:string apiVersion?:string metadata?:37 data?:any revision:int64", // apps/v1.ControllerRevision
    "kind?:string apiVersion?:string metadata?:37 spec?:48 status?:49", // apps/v1.DaemonSet
    "type:string status:string lastTransitionTime?:time reason?:string message?:string", // apps/v1.DaemonSetCondition
    "selector:*35 template:292 updateStrategy?:50 minReadySeconds?:int32 revisionHistoryLimit?:*int32", // apps/v1.DaemonSetSpec
    "currentNumberScheduled:int32 numberMisscheduled:int32 desiredNumberScheduled:int32 numberReady:int32 observedGeneration?:int64 updatedNumberScheduled?:int32 numberAvailable?:int32 numberUnavailable?:int32 collisionCount?:*int32 conditions?:[]47", // apps/v1.DaemonSetStatus
    "type?:string rollingUpdate?:*58", // apps/v1.DaemonSetUpdateStrategy
    "kind?:string apiVersion?:string metadata?:37 spec?:53 status?:54", // apps/v1.Deployment
    "type:string status:string lastUpdateTime?:time lastTransitionTime?:time reason?:string message?:string", // apps/v1.DeploymentCondition
    "replicas?:*int32 selector:*35 template:292 strategy?:50 minReadySeconds?:int32 revisionHistoryLimit?:*int32 paused?:bool progressDeadlineSeconds?:*int32", // apps/v1.DeploymentSpec
    "observedGeneration?:int64 replicas?:int32 updatedReplicas?:int32 readyReplicas?:int32 availableReplicas?:int32 unavailableReplicas?:int32 terminatingReplicas?:*int32 conditions?:[]52 collisionCount?:*int32", // apps/v1.DeploymentStatus
    "kind?:string apiVersion?:string metadata?:37 spec?:56 status?:57", // apps/v1.ReplicaSet
    "replicas?:*int32 minReadySeconds?:int32 selector:*35 template?:292", // apps/v1.ReplicaSetSpec
    "replicas:int32 fullyLabeledReplicas?:int32 readyReplicas?:int32 availableReplicas?:int32 terminatingReplicas?:*int32 observedGeneration?:int64 conditions?:[]47", // apps/v1.ReplicaSetStatus
    "maxUnavailable?:*port maxSurge?:*port", // apps/v1.RollingUpdateDaemonSet
    "partition?:*int32 maxUnavailable?:*port", // apps/v1.RollingUpdateStatefulSetStrategy
    "kind?:string apiVersion?:string metadata?:37 spec?:63 status?:64", // apps/v1.StatefulSet
    "start:int32", // apps/v1.StatefulSetOrdinals
    "whenDeleted?:string whenScaled?:string", // apps/v1.StatefulSetPersistentVolumeClaimRetentionPolicy
    "replicas?:*int32 selector:*35 template:292 volumeClaimTemplates?:[]266 serviceName:string podManagementPolicy?:string updateStrategy?:65 revisionHistoryLimit?:*int32 minReadySeconds?:int32 persistentVolumeClaimRetentionPolicy?:*62 ordinals?:*61", // apps/v1.StatefulSetSpec
    "observedGeneration?:int64 replicas:int32 readyReplicas?:int32 currentReplicas?:int32 updatedReplicas?:int32 currentRevision?:string updateRevision?:string collisionCount?:*int32 conditions?:[]47 availableReplicas:int32", // apps/v1.StatefulSetStatus
    "type?:string rollingUpdate?:*59", // apps/v1.StatefulSetUpdateStrategy
    "kind?:string apiVersion?:string metadata?:37 spec?:67 status?:54", // apps/v1beta1.Deployment
    "replicas?:*int32 selector?:*35 template:292 strategy?:50 minReadySeconds?:int32 revisionHistoryLimit?:*int32 paused?:bool rollbackTo?:*68 progressDeadlineSeconds?:*int32", // apps/v1beta1.DeploymentSpec
    "revision?:int64", // apps/v1beta1.RollbackConfig
    "kind?:string apiVersion?:string metadata?:37 spec?:70 status?:71", // apps/v1beta1.Scale
    "replicas?:int32", // apps/v1beta1.ScaleSpec
    "replicas:int32 selector?:{}string targetSelector?:string", // apps/v1beta1.ScaleStatus
    "kind?:string apiVersion?:string metadata?:37 spec?:73 status?:74", // apps/v1beta1.StatefulSet
    "replicas?:*int32 selector?:*35 template:292 volumeClaimTemplates?:[]266 serviceName:string podManagementPolicy?:string updateStrategy?:65 revisionHistoryLimit?:*int32 minReadySeconds?:int32 persistentVolumeClaimRetentionPolicy?:*62 ordinals?:*61", // apps/v1beta1.StatefulSetSpec
    "observedGeneration?:*int64 replicas:int32 readyReplicas?:int32 currentReplicas?:int32 updatedReplicas?:int32 currentRevision?:string updateRevision?:string collisionCount?:*int32 conditions?:[]47 availableReplicas:int32", // apps/v1beta1.StatefulSetStatus
    "kind?:string apiVersion?:string name?:string uid?:string", // authentication/v1.BoundObjectReference
    "kind?:string apiVersion?:string metadata?:37 status?:77", // authentication/v1.SelfSubjectReview
    "userInfo?:84", // authentication/v1.SelfSubjectReviewStatus
    "kind?:string apiVersion?:string metadata?:37 spec:79 status?:80", // authentication/v1.TokenRequest
    "audiences:[]string expirationSeconds:*int64 boundObjectRef:*75", // authentication/v1.TokenRequestSpec
    "token:string expirationTimestamp:time", // authentication/v1.TokenRequestStatus
    "kind?:string apiVersion?:string metadata?:37 spec:82 status?:83", // authentication/v1.TokenReview
    "token?:string audiences?:[]string", // authentication/v1.TokenReviewSpec
    "authenticated?:bool user?:84 audiences?:[]string error?:string", // authentication/v1.TokenReviewStatus
    "username?:string uid?:string groups?:[]string extra?:{}[]string", // authentication/v1.UserInfo
    "rawSelector?:string requirements?:[]33", // authorization/v1.FieldSelectorAttributes
    "kind?:string apiVersion?:string metadata?:37 spec:95 status?:96", // authorization/v1.LocalSubjectAccessReview
    "path?:string verb?:string", // authorization/v1.NonResourceAttributes
    "verbs:[]string nonResourceURLs?:[]string", // authorization/v1.NonResourceRule
    "namespace?:string verb?:string group?:string version?:string resource?:string subresource?:string name?:string fieldSelector?:*85 labelSelector?:*85", // authorization/v1.ResourceAttributes
    "verbs:[]string apiGroups?:[]string resources?:[]string resourceNames?:[]string", // authorization/v1.ResourceRule
    "kind?:string apiVersion?:string metadata?:37 spec:92 status?:96", // authorization/v1.SelfSubjectAccessReview
    "resourceAttributes?:*89 nonResourceAttributes?:*87", // authorization/v1.SelfSubjectAccessReviewSpec
    "kind?:string apiVersion?:string metadata?:37 spec:94 status?:97", // authorization/v1.SelfSubjectRulesReview
    "namespace?:string", // authorization/v1.SelfSubjectRulesReviewSpec
    "resourceAttributes?:*89 nonResourceAttributes?:*87 user?:string groups?:[]string extra?:{}[]string uid?:string", // authorization/v1.SubjectAccessReviewSpec
    "allowed:bool denied?:bool reason?:string evaluationError?:string", // authorization/v1.SubjectAccessReviewStatus
    "resourceRules:[]90 nonResourceRules:[]88 incomplete:bool evaluationError?:string", // authorization/v1.SubjectRulesReviewStatus
    "kind?:string apiVersion?:string metadata?:37 spec:99 status?:96", // authorization/v1beta1.LocalSubjectAccessReview
    "resourceAttributes?:*89 nonResourceAttributes?:*87 user?:string group?:[]string extra?:{}[]string uid?:string", // authorization/v1beta1.SubjectAccessReviewSpec
    "kind:string name:string apiVersion?:string", // autoscaling/v1.CrossVersionObjectReference
    "kind?:string apiVersion?:string metadata?:37 spec?:102 status?:103", // autoscaling/v1.HorizontalPodAutoscaler
    "scaleTargetRef:100 minReplicas?:*int32 maxReplicas:int32 targetCPUUtilizationPercentage?:*int32", // autoscaling/v1.HorizontalPodAutoscalerSpec
    "observedGeneration?:*int64 lastScaleTime?:*time currentReplicas:int32 desiredReplicas:int32 currentCPUUtilizationPercentage?:*int32", // autoscaling/v1.HorizontalPodAutoscalerStatus
    "kind?:string apiVersion?:string metadata?:37 spec?:70 status?:105", // autoscaling/v1.Scale
    "replicas:int32 selector?:string", // autoscaling/v1.ScaleStatus
    "name:string target:119 container:string", // autoscaling/v2.ContainerResourceMetricSource
    "name:string current:120 container:string", // autoscaling/v2.ContainerResourceMetricStatus
    "metric:116 target:119", // autoscaling/v2.ExternalMetricSource
    "metric:116 current:120", // autoscaling/v2.ExternalMetricStatus
    "type:string value:int32 periodSeconds:int32", // autoscaling/v2.HPAScalingPolicy
    "stabilizationWindowSeconds?:*int32 selectPolicy?:*string policies?:[]110 tolerance?:*quantity", // autoscaling/v2.HPAScalingRules
    "kind?:string apiVersion?:string metadata?:37 spec?:114 status?:115", // autoscaling/v2.HorizontalPodAutoscaler
    "scaleUp?:*111 scaleDown?:*111", // autoscaling/v2.HorizontalPodAutoscalerBehavior
    "scaleTargetRef:100 minReplicas?:*int32 maxReplicas:int32 metrics?:[]117 behavior?:*113", // autoscaling/v2.HorizontalPodAutoscalerSpec
    "observedGeneration?:*int64 lastScaleTime?:*time currentReplicas?:int32 desiredReplicas:int32 currentMetrics:[]118 conditions?:[]47", // autoscaling/v2.HorizontalPodAutoscalerStatus
    "name:string selector?:*35", // autoscaling/v2.MetricIdentifier
    "type:string object?:*121 pods?:*108 resource?:*123 containerResource?:*106 external?:*108", // autoscaling/v2.MetricSpec
    "type:string object?:*122 pods?:*109 resource?:*124 containerResource?:*107 external?:*109", // autoscaling/v2.MetricStatus
    "type:string value?:*quantity averageValue?:*quantity averageUtilization?:*int32", // autoscaling/v2.MetricTarget
    "value?:*quantity averageValue?:*quantity averageUtilization?:*int32", // autoscaling/v2.MetricValueStatus
    "describedObject:100 target:119 metric:116", // autoscaling/v2.ObjectMetricSource
    "metric:116 current:120 describedObject:100", // autoscaling/v2.ObjectMetricStatus
    "name:string target:119", // autoscaling/v2.ResourceMetricSource
    "name:string current:120", // autoscaling/v2.ResourceMetricStatus
    "kind?:string apiVersion?:string metadata?:37 spec?:126 status?:127", // batch/v1.CronJob
    "schedule:string timeZone?:*string startingDeadlineSeconds?:*int64 concurrencyPolicy?:string suspend?:*bool jobTemplate:132 successfulJobsHistoryLimit?:*int32 failedJobsHistoryLimit?:*int32", // batch/v1.CronJobSpec
    "active?:[]264 lastScheduleTime?:*time lastSuccessfulTime?:*time", // batch/v1.CronJobStatus
    "kind?:string apiVersion?:string metadata?:37 spec?:130 status?:131", // batch/v1.Job
    "type:string status:string lastProbeTime?:time lastTransitionTime?:time reason?:string message?:string", // batch/v1.JobCondition
    "parallelism?:*int32 completions?:*int32 activeDeadlineSeconds?:*int64 podFailurePolicy?:*133 successPolicy?:*137 backoffLimit?:*int32 backoffLimitPerIndex?:*int32 maxFailedIndexes?:*int32 selector?:*35 manualSelector?:*bool template:292 ttlSecondsAfterFinished?:*int32 completionMode?:*string suspend?:*bool podReplacementPolicy?:*string managedBy?:*string", // batch/v1.JobSpec
    "conditions?:[]129 startTime?:*time completionTime?:*time active?:int32 succeeded?:int32 failed?:int32 terminating?:*int32 completedIndexes?:string failedIndexes?:*string uncountedTerminatedPods?:*139 ready?:*int32", // batch/v1.JobStatus
    "metadata?:37 spec?:130", // batch/v1.JobTemplateSpec
    "rules:[]136", // batch/v1.PodFailurePolicy
    "containerName?:*string operator:string values:[]int32", // batch/v1.PodFailurePolicyOnExitCodesRequirement
    "type:string status:string", // batch/v1.PodFailurePolicyOnPodConditionsPattern
    "action:string onExitCodes?:*134 onPodConditions?:[]135", // batch/v1.PodFailurePolicyRule
    "rules:[]138", // batch/v1.SuccessPolicy
    "succeededIndexes?:*string succeededCount?:*int32", // batch/v1.SuccessPolicyRule
    "succeeded?:[]string failed?:[]string", // batch/v1.UncountedTerminatedPods
    "kind?:string apiVersion?:string metadata?:37 spec:142 status?:143", // certificates/v1.CertificateSigningRequest
    "type:string status:string reason?:string message?:string lastUpdateTime?:time lastTransitionTime?:time", // certificates/v1.CertificateSigningRequestCondition
    "request:bytes signerName:string expirationSeconds?:*int32 usages?:[]string username?:string uid?:string groups?:[]string extra?:{}[]string", // certificates/v1.CertificateSigningRequestSpec
    "conditions?:[]141 certificate?:bytes", // certificates/v1.CertificateSigningRequestStatus
    "kind?:string apiVersion?:string metadata?:37 spec:145", // certificates/v1alpha1.ClusterTrustBundle
    "signerName?:string trustBundle:string", // certificates/v1alpha1.ClusterTrustBundleSpec
    "kind?:string apiVersion?:string metadata?:37 spec:147 status?:143", // certificates/v1beta1.CertificateSigningRequest
    "request:bytes signerName?:*string expirationSeconds?:*int32 usages?:[]string username?:string uid?:string groups?:[]string extra?:{}[]string", // certificates/v1beta1.CertificateSigningRequestSpec
    "kind?:string apiVersion?:string metadata?:37 spec:149 status?:150", // certificates/v1beta1.PodCertificateRequest
    "signerName:string podName:string podUID:string serviceAccountName:string serviceAccountUID:string nodeName:string nodeUID:string maxExpirationSeconds?:*int32 pkixPublicKey:bytes proofOfPossession:bytes stubPKCS10Request:bytes unverifiedUserAnnotations?:{}string", // certificates/v1beta1.PodCertificateRequestSpec
    "conditions?:[]31 certificateChain?:string notBefore?:*time beginRefreshAt?:*time notAfter?:*time", // certificates/v1beta1.PodCertificateRequestStatus
    "kind?:string apiVersion?:string metadata?:37 spec?:152", // coordination/v1.Lease
    "holderIdentity?:*string leaseDurationSeconds?:*int32 acquireTime?:*microtime renewTime?:*microtime leaseTransitions?:*int32 strategy?:*string preferredHolder?:*string", // coordination/v1.LeaseSpec
    "kind?:string apiVersion?:string metadata?:37 spec?:154", // coordination/v1alpha2.LeaseCandidate
    "leaseName:string pingTime?:*microtime renewTime?:*microtime binaryVersion:string emulationVersion?:string strategy?:string", // coordination/v1alpha2.LeaseCandidateSpec
    "volumeID:string fsType?:string partition?:int32 readOnly?:bool", // core/v1.AWSElasticBlockStoreVolumeSource
    "nodeAffinity?:*248 podAffinity?:*275 podAntiAffinity?:*275", // core/v1.Affinity
    "type:string localhostProfile?:*string", // core/v1.AppArmorProfile
    "name:string devicePath:string", // core/v1.AttachedVolume
    "diskName:string diskURI:string cachingMode?:*string fsType?:*string readOnly?:*bool kind?:*string", // core/v1.AzureDiskVolumeSource
    "secretName:string shareName:string readOnly?:bool secretNamespace:*string", // core/v1.AzureFilePersistentVolumeSource
    "secretName:string shareName:string readOnly?:bool", // core/v1.AzureFileVolumeSource
    "kind?:string apiVersion?:string metadata?:37 target:264", // core/v1.Binding
    "driver:string volumeHandle:string readOnly?:bool fsType?:string volumeAttributes?:{}string controllerPublishSecretRef?:*319 nodeStageSecretRef?:*319 nodePublishSecretRef?:*319 controllerExpandSecretRef?:*319 nodeExpandSecretRef?:*319", // core/v1.CSIPersistentVolumeSource
    "driver:string readOnly?:*bool fsType?:*string volumeAttributes?:{}string nodePublishSecretRef?:*239", // core/v1.CSIVolumeSource
    "add?:[]string drop?:[]string", // core/v1.Capabilities
    "monitors:[]string path?:string user?:string secretFile?:string secretRef?:*319 readOnly?:bool", // core/v1.CephFSPersistentVolumeSource
    "monitors:[]string path?:string user?:string secretFile?:string secretRef?:*239 readOnly?:bool", // core/v1.CephFSVolumeSource
    "volumeID:string fsType?:string readOnly?:bool secretRef?:*319", // core/v1.CinderPersistentVolumeSource
    "volumeID:string fsType?:string readOnly?:bool secretRef?:*239", // core/v1.CinderVolumeSource
    "timeoutSeconds?:*int32", // core/v1.ClientIPConfig
    "name?:*string signerName?:*string labelSelector?:*35 optional?:*bool path:string", // core/v1.ClusterTrustBundleProjection
    "type:string status:string message?:string error?:string", // core/v1.ComponentCondition
    "kind?:string apiVersion?:string metadata?:37 conditions?:[]172", // core/v1.ComponentStatus
    "kind?:string apiVersion?:string metadata?:37 immutable?:*bool data?:{}string binaryData?:{}bytes", // core/v1.ConfigMap
    "name?:string optional?:*bool", // core/v1.ConfigMapEnvSource
    "name?:string key:string optional?:*bool", // core/v1.ConfigMapKeySelector
    "namespace:string name:string uid?:string resourceVersion?:string kubeletConfigKey:string", // core/v1.ConfigMapNodeConfigSource
    "name?:string items?:[]230 optional?:*bool", // core/v1.ConfigMapProjection
    "name?:string items?:[]230 defaultMode?:*int32 optional?:*bool", // core/v1.ConfigMapVolumeSource
    "name:string image?:string command?:[]string args?:[]string workingDir?:string ports?:[]183 envFrom?:[]202 env?:[]203 resources?:311 resizePolicy?:[]184 restartPolicy?:*string restartPolicyRules?:[]185 volumeMounts?:[]341 volumeDevices?:[]158 livenessProbe?:*296 readinessProbe?:*296 startupProbe?:*296 lifecycle?:*231 terminationMessagePath?:string terminationMessagePolicy?:string imagePullPolicy?:string securityContext?:*321 stdin?:bool stdinOnce?:bool tty?:bool", // core/v1.Container
    "containerName:string resourceName:string requestName:string", // core/v1.ContainerExtendedResourceRequest
    "names:[]string sizeBytes?:int64", // core/v1.ContainerImage
    "name?:string hostPort?:int32 containerPort:int32 protocol?:string hostIP?:string", // core/v1.ContainerPort
    "resourceName:string restartPolicy:string", // core/v1.ContainerResizePolicy
    "action?:string exitCodes?:*186", // core/v1.ContainerRestartRule
    "operator?:string values?:[]int32", // core/v1.ContainerRestartRuleOnExitCodes
    "waiting?:*190 running?:*188 terminated?:*189", // core/v1.ContainerState
    "startedAt?:time", // core/v1.ContainerStateRunning
    "exitCode:int32 signal?:int32 reason?:string message?:string startedAt?:time finishedAt?:time containerID?:string", // core/v1.ContainerStateTerminated
    "reason?:string message?:string", // core/v1.ContainerStateWaiting
    "name:string state?:187 lastState?:187 ready:bool restartCount:int32 image:string imageID:string containerID?:string started?:*bool allocatedResources?:{}quantity resources?:*311 volumeMounts?:[]342 user?:*192 allocatedResourcesStatus?:[]312 stopSignal?:*string", // core/v1.ContainerStatus
    "linux?:*236", // core/v1.ContainerUser
    "Port:int32", // core/v1.DaemonEndpoint
    "items?:[]195", // core/v1.DownwardAPIProjection
    "path:string fieldRef?:*263 resourceFieldRef?:*306 mode?:*int32", // core/v1.DownwardAPIVolumeFile
    "items?:[]195 defaultMode?:*int32", // core/v1.DownwardAPIVolumeSource
    "medium?:string sizeLimit?:*quantity", // core/v1.EmptyDirVolumeSource
    "ip:string hostname?:string nodeName?:*string targetRef?:*264", // core/v1.EndpointAddress
    "name?:string port:int32 protocol?:string appProtocol?:*string", // core/v1.EndpointPort
    "addresses?:[]198 notReadyAddresses?:[]198 ports?:[]199", // core/v1.EndpointSubset
    "kind?:string apiVersion?:string metadata?:37 subsets?:[]200", // core/v1.Endpoints
    "prefix?:string configMapRef?:*175 secretRef?:*175", // core/v1.EnvFromSource
    "name:string value?:string valueFrom?:*204", // core/v1.EnvVar
    "fieldRef?:*263 resourceFieldRef?:*306 configMapKeyRef?:*176 secretKeyRef?:*176 fileKeyRef?:*212", // core/v1.EnvVarSource
    "name:string image?:string command?:[]string args?:[]string workingDir?:string ports?:[]183 envFrom?:[]202 env?:[]203 resources?:311 resizePolicy?:[]184 restartPolicy?:*string restartPolicyRules?:[]185 volumeMounts?:[]341 volumeDevices?:[]158 livenessProbe?:*296 readinessProbe?:*296 startupProbe?:*296 lifecycle?:*231 terminationMessagePath?:string terminationMessagePolicy?:string imagePullPolicy?:string securityContext?:*321 stdin?:bool stdinOnce?:bool tty?:bool targetContainerName?:string", // core/v1.EphemeralContainer
    "volumeClaimTemplate?:*269", // core/v1.EphemeralVolumeSource
    "kind?:string apiVersion?:string metadata:37 involvedObject:264 reason?:string message?:string source?:209 firstTimestamp?:time lastTimestamp?:time count?:int32 type?:string eventTime?:microtime series?:*208 action?:string related?:*264 reportingComponent:string reportingInstance:string", // core/v1.Event
    "count?:int32 lastObservedTime?:microtime", // core/v1.EventSeries
    "component?:string host?:string", // core/v1.EventSource
    "command?:[]string", // core/v1.ExecAction
    "targetWWNs?:[]string lun?:*int32 fsType?:string readOnly?:bool wwids?:[]string", // core/v1.FCVolumeSource
    "volumeName:string path:string key:string optional?:*bool", // core/v1.FileKeySelector
    "driver:string fsType?:string secretRef?:*319 readOnly?:bool options?:{}string", // core/v1.FlexPersistentVolumeSource
    "driver:string fsType?:string secretRef?:*239 readOnly?:bool options?:{}string", // core/v1.FlexVolumeSource
    "datasetName?:string datasetUUID?:string", // core/v1.FlockerVolumeSource
    "pdName:string fsType?:string partition?:int32 readOnly?:bool", // core/v1.GCEPersistentDiskVolumeSource
    "port:int32 service:*string", // core/v1.GRPCAction
    "repository:string revision?:string directory?:string", // core/v1.GitRepoVolumeSource
    "endpoints:string path:string readOnly?:bool endpointsNamespace?:*string", // core/v1.GlusterfsPersistentVolumeSource
    "endpoints:string path:string readOnly?:bool", // core/v1.GlusterfsVolumeSource
    "path?:string port:port host?:string scheme?:string httpHeaders?:[]222", // core/v1.HTTPGetAction
    "name:string value:string", // core/v1.HTTPHeader
    "ip:string hostnames?:[]string", // core/v1.HostAlias
    "ip:string", // core/v1.HostIP
    "path:string type?:*string", // core/v1.HostPathVolumeSource
    "targetPortal:string iqn:string lun:int32 iscsiInterface?:string fsType?:string readOnly?:bool portals?:[]string chapAuthDiscovery?:bool chapAuthSession?:bool secretRef?:*319 initiatorName?:*string", // core/v1.ISCSIPersistentVolumeSource
    "targetPortal:string iqn:string lun:int32 iscsiInterface?:string fsType?:string readOnly?:bool portals?:[]string chapAuthDiscovery?:bool chapAuthSession?:bool secretRef?:*239 initiatorName?:*string", // core/v1.ISCSIVolumeSource
    "reference?:string pullPolicy?:string", // core/v1.ImageVolumeSource
    "imageRef?:string", // core/v1.ImageVolumeStatus
    "key:string path:string mode?:*int32", // core/v1.KeyToPath
    "postStart?:*232 preStop?:*232 stopSignal?:*string", // core/v1.Lifecycle
    "exec?:*210 httpGet?:*221 tcpSocket?:*332 sleep?:*329", // core/v1.LifecycleHandler
    "kind?:string apiVersion?:string metadata?:37 spec?:235", // core/v1.LimitRange
    "type:string max?:{}quantity min?:{}quantity default?:{}quantity defaultRequest?:{}quantity maxLimitRequestRatio?:{}quantity", // core/v1.LimitRangeItem
    "limits:[]234", // core/v1.LimitRangeSpec
    "uid:int64 gid:int64 supplementalGroups?:[]int64", // core/v1.LinuxContainerUser
    "ip?:string hostname?:string ipMode?:*string ports?:[]293", // core/v1.LoadBalancerIngress
    "ingress?:[]237", // core/v1.LoadBalancerStatus
    "name?:string", // core/v1.LocalObjectReference
    "path:string fsType?:*string", // core/v1.LocalVolumeSource
    "targetVolumeAttributesClassName?:string status:string", // core/v1.ModifyVolumeStatus
    "server:string path:string readOnly?:bool", // core/v1.NFSVolumeSource
    "kind?:string apiVersion?:string metadata?:37 spec?:244 status?:245", // core/v1.Namespace
    "finalizers?:[]string", // core/v1.NamespaceSpec
    "phase?:string conditions?:[]47", // core/v1.NamespaceStatus
    "kind?:string apiVersion?:string metadata?:37 spec?:259 status?:260", // core/v1.Node
    "type:string address:string", // core/v1.NodeAddress
    "requiredDuringSchedulingIgnoredDuringExecution?:*257 preferredDuringSchedulingIgnoredDuringExecution?:[]295", // core/v1.NodeAffinity
    "resourceClaimName:string containers?:[]string resources:{}quantity", // core/v1.NodeAllocatableResourceClaimStatus
    "type:string status:string lastHeartbeatTime?:time lastTransitionTime?:time reason?:string message?:string", // core/v1.NodeCondition
    "configMap?:*177", // core/v1.NodeConfigSource
    "assigned?:*251 active?:*251 lastKnownGood?:*251 error?:string", // core/v1.NodeConfigStatus
    "kubeletEndpoint?:193", // core/v1.NodeDaemonEndpoints
    "supplementalGroupsPolicy?:*bool", // core/v1.NodeFeatures
    "name:string features?:*256", // core/v1.NodeRuntimeHandler
    "recursiveReadOnlyMounts?:*bool userNamespaces?:*bool", // core/v1.NodeRuntimeHandlerFeatures
    "nodeSelectorTerms:[]258", // core/v1.NodeSelector
    "matchExpressions?:[]33 matchFields?:[]33", // core/v1.NodeSelectorTerm
    "podCIDR?:string podCIDRs?:[]string providerID?:string unschedulable?:bool taints?:[]333 configSource?:*251 externalID?:string", // core/v1.NodeSpec
    "capacity?:{}quantity allocatable?:{}quantity phase?:string conditions?:[]250 addresses?:[]247 daemonEndpoints?:253 nodeInfo?:262 images?:[]182 volumesInUse?:[]string volumesAttached?:[]158 config?:*252 runtimeHandlers?:[]255 features?:*254 declaredFeatures?:[]string", // core/v1.NodeStatus
    "capacity?:*int64", // core/v1.NodeSwapStatus
    "machineID:string systemUUID:string bootID:string kernelVersion:string osImage:string containerRuntimeVersion:string kubeletVersion:string kubeProxyVersion:string operatingSystem:string architecture:string swap?:*261", // core/v1.NodeSystemInfo
    "apiVersion?:string fieldPath:string", // core/v1.ObjectFieldSelector
    "kind?:string namespace?:string name?:string uid?:string apiVersion?:string resourceVersion?:string fieldPath?:string", // core/v1.ObjectReference
    "kind?:string apiVersion?:string metadata?:37 spec?:271 status?:272", // core/v1.PersistentVolume
    "kind?:string apiVersion?:string metadata?:37 spec?:267 status?:268", // core/v1.PersistentVolumeClaim
    "accessModes?:[]string selector?:*35 resources?:345 volumeName?:string storageClassName?:*string volumeMode?:*string dataSource?:*338 dataSourceRef?:*339 volumeAttributesClassName?:*string", // core/v1.PersistentVolumeClaimSpec
    "phase?:string accessModes?:[]string capacity?:{}quantity conditions?:[]129 allocatedResources?:{}quantity allocatedResourceStatuses?:{}string currentVolumeAttributesClassName?:*string modifyVolumeStatus?:*241", // core/v1.PersistentVolumeClaimStatus
    "metadata?:37 spec:267", // core/v1.PersistentVolumeClaimTemplate
    "claimName:string readOnly?:bool", // core/v1.PersistentVolumeClaimVolumeSource
    "capacity?:{}quantity gcePersistentDisk?:*216 awsElasticBlockStore?:*155 hostPath?:*225 glusterfs?:*219 nfs?:*242 rbd?:*299 iscsi?:*226 cinder?:*168 cephfs?:*166 fc?:*211 flocker?:*215 flexVolume?:*213 azureFile?:*160 vsphereVolume?:*347 quobyte?:*298 azureDisk?:*159 photonPersistentDisk?:*273 portworxVolume?:*294 scaleIO?:*314 local?:*240 storageos?:*330 csi?:*163 accessModes?:[]string claimRef?:*264 persistentVolumeReclaimPolicy?:string storageClassName?:string mountOptions?:[]string volumeMode?:*string nodeAffinity?:*343 volumeAttributesClassName?:*string", // core/v1.PersistentVolumeSpec
    "phase?:string message?:string reason?:string lastPhaseTransitionTime?:*time", // core/v1.PersistentVolumeStatus
    "pdID:string fsType?:string", // core/v1.PhotonPersistentDiskVolumeSource
    "kind?:string apiVersion?:string metadata?:37 spec?:288 status?:289", // core/v1.Pod
    "requiredDuringSchedulingIgnoredDuringExecution?:[]276 preferredDuringSchedulingIgnoredDuringExecution?:[]348", // core/v1.PodAffinity
    "labelSelector?:*35 namespaces?:[]string topologyKey:string namespaceSelector?:*35 matchLabelKeys?:[]string mismatchLabelKeys?:[]string", // core/v1.PodAffinityTerm
    "signerName?:string keyType?:string maxExpirationSeconds?:*int32 credentialBundlePath?:string keyPath?:string certificateChainPath?:string userAnnotations?:{}string", // core/v1.PodCertificateProjection
    "type:string observedGeneration?:int64 status:string lastProbeTime?:time lastTransitionTime?:time reason?:string message?:string", // core/v1.PodCondition
    "nameservers?:[]string searches?:[]string options?:[]280", // core/v1.PodDNSConfig
    "name?:string value?:*string", // core/v1.PodDNSConfigOption
    "requestMappings:[]181 resourceClaimName:string", // core/v1.PodExtendedResourceClaimStatus
    "name:string", // core/v1.PodOS
    "conditionType:string", // core/v1.PodReadinessGate
    "name:string resourceClaimName?:*string resourceClaimTemplateName?:*string", // core/v1.PodResourceClaim
    "name:string resourceClaimName?:*string", // core/v1.PodResourceClaimStatus
    "podGroupName?:*string", // core/v1.PodSchedulingGroup
    "seLinuxOptions?:*313 windowsOptions?:*349 runAsUser?:*int64 runAsGroup?:*int64 runAsNonRoot?:*bool supplementalGroups?:[]int64 supplementalGroupsPolicy?:*string fsGroup?:*int64 sysctls?:[]222 fsGroupChangePolicy?:*string seccompProfile?:*157 appArmorProfile?:*157 seLinuxChangePolicy?:*string", // core/v1.PodSecurityContext
    "volumes?:[]340 initContainers?:[]180 containers:[]180 ephemeralContainers?:[]205 restartPolicy?:string terminationGracePeriodSeconds?:*int64 activeDeadlineSeconds?:*int64 dnsPolicy?:string nodeSelector?:{}string serviceAccountName?:string serviceAccount?:string automountServiceAccountToken?:*bool nodeName?:string hostNetwork?:bool hostPID?:bool hostIPC?:bool shareProcessNamespace?:*bool securityContext?:*287 imagePullSecrets?:[]239 hostname?:string subdomain?:string affinity?:*156 schedulerName?:string tolerations?:[]334 hostAliases?:[]223 priorityClassName?:string priority?:*int32 dnsConfig?:*279 readinessGates?:[]283 runtimeClassName?:*string enableServiceLinks?:*bool preemptionPolicy?:*string overhead?:{}quantity topologySpreadConstraints?:[]337 setHostnameAsFQDN?:*bool os?:*282 hostUsers?:*bool schedulingGates?:[]282 resourceClaims?:[]284 resources?:*311 hostnameOverride?:*string schedulingGroup?:*286", // core/v1.PodSpec
    "observedGeneration?:int64 phase?:string conditions?:[]278 message?:string reason?:string nominatedNodeName?:string hostIP?:string hostIPs?:[]224 podIP?:string podIPs?:[]224 startTime?:*time initContainerStatuses?:[]191 containerStatuses?:[]191 qosClass?:string ephemeralContainerStatuses?:[]191 resize?:string resourceClaimStatuses?:[]285 extendedResourceClaimStatus?:*281 allocatedResources?:{}quantity resources?:*311 nodeAllocatableResourceClaimStatuses?:[]249", // core/v1.PodStatus
    "kind?:string apiVersion?:string metadata?:37 status?:289", // core/v1.PodStatusResult
    "kind?:string apiVersion?:string metadata?:37 template?:292", // core/v1.PodTemplate
    "metadata?:37 spec?:288", // core/v1.PodTemplateSpec
    "port:int32 protocol:string error?:*string", // core/v1.PortStatus
    "volumeID:string fsType?:string readOnly?:bool", // core/v1.PortworxVolumeSource
    "weight:int32 preference:258", // core/v1.PreferredSchedulingTerm
    "exec?:*210 httpGet?:*221 tcpSocket?:*332 grpc?:*217 initialDelaySeconds?:int32 timeoutSeconds?:int32 periodSeconds?:int32 successThreshold?:int32 failureThreshold?:int32 terminationGracePeriodSeconds?:*int64", // core/v1.Probe
    "sources:[]344 defaultMode?:*int32", // core/v1.ProjectedVolumeSource
    "registry:string volume:string readOnly?:bool user?:string group?:string tenant?:string", // core/v1.QuobyteVolumeSource
    "monitors:[]string image:string fsType?:string pool?:string user?:string keyring?:string secretRef?:*319 readOnly?:bool", // core/v1.RBDPersistentVolumeSource
    "monitors:[]string image:string fsType?:string pool?:string user?:string keyring?:string secretRef?:*239 readOnly?:bool", // core/v1.RBDVolumeSource
    "kind?:string apiVersion?:string metadata?:37 range:string data:bytes", // core/v1.RangeAllocation
    "kind?:string apiVersion?:string metadata?:37 spec?:303 status?:304", // core/v1.ReplicationController
    "replicas?:*int32 minReadySeconds?:int32 selector?:{}string template?:*292", // core/v1.ReplicationControllerSpec
    "replicas:int32 fullyLabeledReplicas?:int32 readyReplicas?:int32 availableReplicas?:int32 observedGeneration?:int64 conditions?:[]47", // core/v1.ReplicationControllerStatus
    "name:string request?:string", // core/v1.ResourceClaim
    "containerName?:string resource:string divisor?:quantity", // core/v1.ResourceFieldSelector
    "resourceID:string health?:string message?:*string", // core/v1.ResourceHealth
    "kind?:string apiVersion?:string metadata?:37 spec?:309 status?:310", // core/v1.ResourceQuota
    "hard?:{}quantity scopes?:[]string scopeSelector?:*316", // core/v1.ResourceQuotaSpec
    "hard?:{}quantity used?:{}quantity", // core/v1.ResourceQuotaStatus
    "limits?:{}quantity requests?:{}quantity claims?:[]305", // core/v1.ResourceRequirements
    "name:string resources?:[]307", // core/v1.ResourceStatus
    "user?:string role?:string type?:string level?:string", // core/v1.SELinuxOptions
    "gateway:string system:string secretRef:*319 sslEnabled?:bool protectionDomain?:string storagePool?:string storageMode?:string volumeName?:string fsType?:string readOnly?:bool", // core/v1.ScaleIOPersistentVolumeSource
    "gateway:string system:string secretRef:*239 sslEnabled?:bool protectionDomain?:string storagePool?:string storageMode?:string volumeName?:string fsType?:string readOnly?:bool", // core/v1.ScaleIOVolumeSource
    "matchExpressions?:[]317", // core/v1.ScopeSelector
    "scopeName:string operator:string values?:[]string", // core/v1.ScopedResourceSelectorRequirement
    "kind?:string apiVersion?:string metadata?:37 immutable?:*bool data?:{}bytes stringData?:{}string type?:string", // core/v1.Secret
    "name?:string namespace?:string", // core/v1.SecretReference
    "secretName?:string items?:[]230 defaultMode?:*int32 optional?:*bool", // core/v1.SecretVolumeSource
    "capabilities?:*165 privileged?:*bool seLinuxOptions?:*313 windowsOptions?:*349 runAsUser?:*int64 runAsGroup?:*int64 runAsNonRoot?:*bool readOnlyRootFilesystem?:*bool allowPrivilegeEscalation?:*bool procMount?:*string seccompProfile?:*157 appArmorProfile?:*157", // core/v1.SecurityContext
    "kind?:string apiVersion?:string metadata?:37 spec?:326 status?:327", // core/v1.Service
    "kind?:string apiVersion?:string metadata?:37 secrets?:[]264 imagePullSecrets?:[]239 automountServiceAccountToken?:*bool", // core/v1.ServiceAccount
    "audience?:string expirationSeconds?:*int64 path:string", // core/v1.ServiceAccountTokenProjection
    "name?:string protocol?:string appProtocol?:*string port:int32 targetPort?:port nodePort?:int32", // core/v1.ServicePort
    "ports?:[]325 selector?:{}string clusterIP?:string clusterIPs?:[]string type?:string externalIPs?:[]string sessionAffinity?:string loadBalancerIP?:string loadBalancerSourceRanges?:[]string externalName?:string externalTrafficPolicy?:string healthCheckNodePort?:int32 publishNotReadyAddresses?:bool sessionAffinityConfig?:*328 ipFamilies?:[]string ipFamilyPolicy?:*string allocateLoadBalancerNodePorts?:*bool loadBalancerClass?:*string internalTrafficPolicy?:*string trafficDistribution?:*string", // core/v1.ServiceSpec
    "loadBalancer?:238 conditions?:[]31", // core/v1.ServiceStatus
    "clientIP?:*170", // core/v1.SessionAffinityConfig
    "seconds:int64", // core/v1.SleepAction
    "volumeName?:string volumeNamespace?:string fsType?:string readOnly?:bool secretRef?:*264", // core/v1.StorageOSPersistentVolumeSource
    "volumeName?:string volumeNamespace?:string fsType?:string readOnly?:bool secretRef?:*239", // core/v1.StorageOSVolumeSource
    "port:port host?:string", // core/v1.TCPSocketAction
    "key:string value?:string effect:string timeAdded?:*time", // core/v1.Taint
    "key?:string operator?:string value?:string effect?:string tolerationSeconds?:*int64", // core/v1.Toleration
    "key:string values:[]string", // core/v1.TopologySelectorLabelRequirement
    "matchLabelExpressions?:[]335", // core/v1.TopologySelectorTerm
    "maxSkew:int32 topologyKey:string whenUnsatisfiable:string labelSelector?:*35 minDomains?:*int32 nodeAffinityPolicy?:*string nodeTaintsPolicy?:*string matchLabelKeys?:[]string", // core/v1.TopologySpreadConstraint
    "apiGroup:*string kind:string name:string", // core/v1.TypedLocalObjectReference
    "apiGroup:*string kind:string name:string namespace?:*string", // core/v1.TypedObjectReference
    "name:string hostPath?:*225 emptyDir?:*197 gcePersistentDisk?:*216 awsElasticBlockStore?:*155 gitRepo?:*218 secret?:*320 nfs?:*242 iscsi?:*227 glusterfs?:*220 persistentVolumeClaim?:*270 rbd?:*300 flexVolume?:*214 cinder?:*169 cephfs?:*167 flocker?:*215 downwardAPI?:*196 fc?:*211 azureFile?:*161 configMap?:*179 vsphereVolume?:*347 quobyte?:*298 azureDisk?:*159 photonPersistentDisk?:*273 projected?:*297 portworxVolume?:*294 scaleIO?:*315 storageos?:*331 csi?:*164 ephemeral?:*206 image?:*228", // core/v1.Volume
    "name:string readOnly?:bool recursiveReadOnly?:*string mountPath:string subPath?:string mountPropagation?:*string subPathExpr?:string", // core/v1.VolumeMount
    "name:string mountPath:string readOnly?:bool recursiveReadOnly?:*string volumeStatus?:*346", // core/v1.VolumeMountStatus
    "required?:*257", // core/v1.VolumeNodeAffinity
    "secret?:*178 downwardAPI?:*194 configMap?:*178 serviceAccountToken?:*324 clusterTrustBundle?:*171 podCertificate?:*277", // core/v1.VolumeProjection
    "limits?:{}quantity requests?:{}quantity", // core/v1.VolumeResourceRequirements
    "image?:*229", // core/v1.VolumeStatus
    "volumePath:string fsType?:string storagePolicyName?:string storagePolicyID?:string", // core/v1.VsphereVirtualDiskVolumeSource
    "weight:int32 podAffinityTerm:276", // core/v1.WeightedPodAffinityTerm
    "gmsaCredentialSpecName?:*string gmsaCredentialSpec?:*string runAsUserName?:*string hostProcess?:*bool", // core/v1.WindowsSecurityContextOptions
    "addresses:[]string conditions?:351 hostname?:*string targetRef?:*264 deprecatedTopology?:{}string nodeName?:*string zone?:*string hints?:*352", // discovery/v1.Endpoint
    "ready?:*bool serving?:*bool terminating?:*bool", // discovery/v1.EndpointConditions
    "forZones?:[]282 forNodes?:[]282", // discovery/v1.EndpointHints
    "name?:*string protocol?:*string port?:*int32 appProtocol?:*string", // discovery/v1.EndpointPort
    "kind?:string apiVersion?:string metadata?:37 addressType:string endpoints:[]350 ports:[]353", // discovery/v1.EndpointSlice
    "addresses:[]string conditions?:351 hostname?:*string targetRef?:*264 topology?:{}string nodeName?:*string hints?:*352", // discovery/v1beta1.Endpoint
    "kind?:string apiVersion?:string metadata?:37 addressType:string endpoints:[]355 ports:[]353", // discovery/v1beta1.EndpointSlice
    "kind?:string apiVersion?:string metadata:37 eventTime:microtime series?:*358 reportingController?:string reportingInstance?:string action?:string reason?:string regarding?:264 related?:*264 note?:string type?:string deprecatedSource?:209 deprecatedFirstTimestamp?:time deprecatedLastTimestamp?:time deprecatedCount?:int32", // events/v1.Event
    "count:int32 lastObservedTime:microtime", // events/v1.EventSeries
    "kind?:string apiVersion?:string metadata?:37 spec?:360 status?:49", // extensions/v1beta1.DaemonSet
    "selector?:*35 template:292 updateStrategy?:50 minReadySeconds?:int32 templateGeneration?:int64 revisionHistoryLimit?:*int32", // extensions/v1beta1.DaemonSetSpec
    "path?:string pathType?:*string backend:365", // extensions/v1beta1.HTTPIngressPath
    "paths:[]361", // extensions/v1beta1.HTTPIngressRuleValue
    "cidr:string except?:[]string", // extensions/v1beta1.IPBlock
    "kind?:string apiVersion?:string metadata?:37 spec?:369 status?:370", // extensions/v1beta1.Ingress
    "serviceName?:string servicePort?:port resource?:*338", // extensions/v1beta1.IngressBackend
    "ip?:string hostname?:string ports?:[]293", // extensions/v1beta1.IngressLoadBalancerIngress
    "ingress?:[]366", // extensions/v1beta1.IngressLoadBalancerStatus
    "host?:string http?:*362", // extensions/v1beta1.IngressRule
    "ingressClassName?:*string backend?:*365 tls?:[]371 rules?:[]368", // extensions/v1beta1.IngressSpec
    "loadBalancer?:367", // extensions/v1beta1.IngressStatus
    "hosts?:[]string secretName?:string", // extensions/v1beta1.IngressTLS
    "kind?:string apiVersion?:string metadata?:37 spec?:377", // extensions/v1beta1.NetworkPolicy
    "ports?:[]376 to?:[]375", // extensions/v1beta1.NetworkPolicyEgressRule
    "ports?:[]376 from?:[]375", // extensions/v1beta1.NetworkPolicyIngressRule
    "podSelector?:*35 namespaceSelector?:*35 ipBlock?:*363", // extensions/v1beta1.NetworkPolicyPeer
    "protocol?:*string port?:*port endPort?:*int32", // extensions/v1beta1.NetworkPolicyPort
    "podSelector:35 ingress?:[]374 egress?:[]373 policyTypes?:[]string", // extensions/v1beta1.NetworkPolicySpec
    "kind?:string apiVersion?:string metadata?:37 spec?:379 status?:57", // extensions/v1beta1.ReplicaSet
    "replicas?:*int32 minReadySeconds?:int32 selector?:*35 template?:292", // extensions/v1beta1.ReplicaSetSpec
    "nominalConcurrencyShares?:*int32 lendablePercent?:*int32", // flowcontrol/v1.ExemptPriorityLevelConfiguration
    "type:string", // flowcontrol/v1.FlowDistinguisherMethod
    "kind?:string apiVersion?:string metadata?:37 spec?:384 status?:385", // flowcontrol/v1.FlowSchema
    "type?:string status?:string lastTransitionTime?:time reason?:string message?:string", // flowcontrol/v1.FlowSchemaCondition
    "priorityLevelConfiguration:282 matchingPrecedence:int32 distinguisherMethod?:*381 rules?:[]389", // flowcontrol/v1.FlowSchemaSpec
    "conditions?:[]383", // flowcontrol/v1.FlowSchemaStatus
    "type:string queuing?:*392", // flowcontrol/v1.LimitResponse
    "nominalConcurrencyShares:*int32 limitResponse?:386 lendablePercent?:*int32 borrowingLimitPercent?:*int32", // flowcontrol/v1.LimitedPriorityLevelConfiguration
    "verbs:[]string nonResourceURLs:[]string", // flowcontrol/v1.NonResourcePolicyRule
    "subjects:[]395 resourceRules?:[]393 nonResourceRules?:[]388", // flowcontrol/v1.PolicyRulesWithSubjects
    "kind?:string apiVersion?:string metadata?:37 spec?:391 status?:385", // flowcontrol/v1.PriorityLevelConfiguration
    "type:string limited?:*387 exempt?:*380", // flowcontrol/v1.PriorityLevelConfigurationSpec
    "queues:int32 handSize:int32 queueLengthLimit:int32", // flowcontrol/v1.QueuingConfiguration
    "verbs:[]string apiGroups:[]string resources:[]string clusterScope?:bool namespaces:[]string", // flowcontrol/v1.ResourcePolicyRule
    "namespace:string name:string", // flowcontrol/v1.ServiceAccountSubject
    "kind:string user?:*282 group?:*282 serviceAccount?:*394", // flowcontrol/v1.Subject
    "assuredConcurrencyShares:int32 limitResponse?:386 lendablePercent?:*int32 borrowingLimitPercent?:*int32", // flowcontrol/v1beta1.LimitedPriorityLevelConfiguration
    "kind?:string apiVersion?:string metadata?:37 spec?:398 status?:385", // flowcontrol/v1beta1.PriorityLevelConfiguration
    "type:string limited?:*396 exempt?:*380", // flowcontrol/v1beta1.PriorityLevelConfigurationSpec
    "nominalConcurrencyShares:int32 limitResponse?:386 lendablePercent?:*int32 borrowingLimitPercent?:*int32", // flowcontrol/v1beta3.LimitedPriorityLevelConfiguration
    "kind?:string apiVersion?:string metadata?:37 spec?:401 status?:385", // flowcontrol/v1beta3.PriorityLevelConfiguration
    "type:string limited?:*399 exempt?:*380", // flowcontrol/v1beta3.PriorityLevelConfigurationSpec
    "path?:string pathType:*string backend:407", // networking/v1.HTTPIngressPath
    "paths:[]402", // networking/v1.HTTPIngressRuleValue
    "kind?:string apiVersion?:string metadata?:37 spec?:405", // networking/v1.IPAddress
    "parentRef?:*414", // networking/v1.IPAddressSpec
    "kind?:string apiVersion?:string metadata?:37 spec?:413 status?:370", // networking/v1.Ingress
    "service?:*412 resource?:*338", // networking/v1.IngressBackend
    "kind?:string apiVersion?:string metadata?:37 spec?:410", // networking/v1.IngressClass
    "apiGroup?:*string kind:string name:string scope:*string namespace?:*string", // networking/v1.IngressClassParametersReference
    "controller?:string parameters?:*409", // networking/v1.IngressClassSpec
    "host?:string http?:*403", // networking/v1.IngressRule
    "name:string port?:415", // networking/v1.IngressServiceBackend
    "ingressClassName?:*string defaultBackend?:*407 tls?:[]371 rules?:[]411", // networking/v1.IngressSpec
    "group?:string resource?:string namespace?:string name?:string", // networking/v1.ParentReference
    "name?:string number?:int32", // networking/v1.ServiceBackendPort
    "kind?:string apiVersion?:string metadata?:37 spec?:417 status?:418", // networking/v1.ServiceCIDR
    "cidrs?:[]string", // networking/v1.ServiceCIDRSpec
    "conditions?:[]31", // networking/v1.ServiceCIDRStatus
    "podFixed?:{}quantity", // node/v1.Overhead
    "kind?:string apiVersion?:string metadata?:37 handler:string overhead?:*419 scheduling?:*421", // node/v1.RuntimeClass
    "nodeSelector?:{}string tolerations?:[]334", // node/v1.Scheduling
    "kind?:string apiVersion?:string metadata?:37 spec:423", // node/v1alpha1.RuntimeClass
    "runtimeHandler:string overhead?:*419 scheduling?:*421", // node/v1alpha1.RuntimeClassSpec
    "kind?:string apiVersion?:string metadata?:37 deleteOptions?:*32", // policy/v1.Eviction
    "kind?:string apiVersion?:string metadata?:37 spec?:426 status?:427", // policy/v1.PodDisruptionBudget
    "minAvailable?:*port selector?:*35 maxUnavailable?:*port unhealthyPodEvictionPolicy?:*string", // policy/v1.PodDisruptionBudgetSpec
    "observedGeneration?:int64 disruptedPods?:{}time disruptionsAllowed:int32 currentHealthy:int32 desiredHealthy:int32 expectedPods:int32 conditions?:[]31", // policy/v1.PodDisruptionBudgetStatus
    "clusterRoleSelectors?:[]35", // rbac/v1.AggregationRule
    "kind?:string apiVersion?:string metadata?:37 rules:[]431 aggregationRule?:*428", // rbac/v1.ClusterRole
    "kind?:string apiVersion?:string metadata?:37 subjects?:[]434 roleRef:433", // rbac/v1.ClusterRoleBinding
    "verbs:[]string apiGroups?:[]string resources?:[]string resourceNames?:[]string nonResourceURLs?:[]string", // rbac/v1.PolicyRule
    "kind?:string apiVersion?:string metadata?:37 rules:[]431", // rbac/v1.Role
    "apiGroup:string kind:string name:string", // rbac/v1.RoleRef
    "kind:string apiGroup?:string name:string namespace?:string", // rbac/v1.Subject
    "kind?:string apiVersion?:string metadata?:37 subjects?:[]436 roleRef:433", // rbac/v1alpha1.ClusterRoleBinding
    "kind:string apiVersion?:string name:string namespace?:string", // rbac/v1alpha1.Subject
    "driver:string pool:string device:string shareID?:*string conditions:[]31 data?:*any networkData?:*462", // resource/v1.AllocatedDeviceStatus
    "devices?:447 nodeSelector?:*257 allocationTimestamp?:*time", // resource/v1.AllocationResult
    "expression:string", // resource/v1.CELDeviceSelector
    "default:*quantity validValues?:[]quantity validRange?:*441", // resource/v1.CapacityRequestPolicy
    "min?:*quantity max?:*quantity step?:*quantity", // resource/v1.CapacityRequestPolicyRange
    "requests?:{}quantity", // resource/v1.CapacityRequirements
    "value:quantity", // resource/v1.Counter
    "name:string counters?:{}443", // resource/v1.CounterSet
    "name:string attributes?:{}448 capacity?:{}449 consumesCounters?:[]456 nodeName?:*string nodeSelector?:*257 allNodes?:*bool taints?:[]333 bindsToNode?:*bool bindingConditions?:[]string bindingFailureConditions?:[]string allowMultipleAllocations?:*bool nodeAllocatableResourceMappings?:{}463", // resource/v1.Device
    "source:string requests?:[]string opaque?:*464", // resource/v1.DeviceAllocationConfiguration
    "results?:[]458 config?:[]446", // resource/v1.DeviceAllocationResult
    "int?:*int64 bool?:*bool string?:*string version?:*string ints?:[]int64 bools?:[]bool strings?:[]string versions?:[]string", // resource/v1.DeviceAttribute
    "value:quantity requestPolicy?:*440", // resource/v1.DeviceCapacity
    "requests:[]457 constraints?:[]455 config?:[]451", // resource/v1.DeviceClaim
    "requests?:[]string opaque?:*464", // resource/v1.DeviceClaimConfiguration
    "kind?:string apiVersion?:string metadata?:37 spec:454", // resource/v1.DeviceClass
    "opaque?:*464", // resource/v1.DeviceClassConfiguration
    "selectors?:[]459 config?:[]453 extendedResourceName?:*string", // resource/v1.DeviceClassSpec
    "requests?:[]string matchAttribute?:*string distinctAttribute?:*string", // resource/v1.DeviceConstraint
    "counterSet:string counters?:{}443", // resource/v1.DeviceCounterConsumption
    "name:string exactly?:*461 firstAvailable?:[]460", // resource/v1.DeviceRequest
    "request:string driver:string pool:string device:string adminAccess?:*bool tolerations?:[]334 bindingConditions?:[]string bindingFailureConditions?:[]string shareID?:*string consumedCapacity?:{}quantity", // resource/v1.DeviceRequestAllocationResult
    "cel?:*439", // resource/v1.DeviceSelector
    "name:string deviceClassName:string selectors?:[]459 allocationMode?:string count?:int64 tolerations?:[]334 capacity?:*442", // resource/v1.DeviceSubRequest
    "deviceClassName:string selectors?:[]459 allocationMode?:string count?:int64 adminAccess?:*bool tolerations?:[]334 capacity?:*442", // resource/v1.ExactDeviceRequest
    "interfaceName?:string ips?:[]string hardwareAddress?:string", // resource/v1.NetworkDeviceData
    "capacityKey?:*string allocationMultiplier?:*quantity", // resource/v1.NodeAllocatableResourceMapping
    "driver:string parameters:any", // resource/v1.OpaqueDeviceConfiguration
    "kind?:string apiVersion?:string metadata?:37 spec:467 status?:468", // resource/v1.ResourceClaim
    "apiGroup?:string resource:string name:string uid:string", // resource/v1.ResourceClaimConsumerReference
    "devices:450", // resource/v1.ResourceClaimSpec
    "allocation?:*438 reservedFor?:[]466 devices?:[]437", // resource/v1.ResourceClaimStatus
    "kind?:string apiVersion?:string metadata?:37 spec:470", // resource/v1.ResourceClaimTemplate
    "metadata?:37 spec:467", // resource/v1.ResourceClaimTemplateSpec
    "name:string generation:int64 resourceSliceCount:int64", // resource/v1.ResourcePool
    "kind?:string apiVersion?:string metadata?:37 spec:473", // resource/v1.ResourceSlice
    "driver:string pool:471 nodeName?:*string nodeSelector?:*257 allNodes?:*bool devices?:[]445 perDeviceNodeSelection?:*bool sharedCounters?:[]444", // resource/v1.ResourceSliceSpec
    "kind?:string apiVersion?:string metadata?:37 spec:475 status?:418", // resource/v1alpha3.DeviceTaintRule
    "deviceSelector?:*476 taint?:333", // resource/v1alpha3.DeviceTaintRuleSpec
    "driver?:*string pool?:*string device?:*string", // resource/v1alpha3.DeviceTaintSelector
    "driver?:string poolName?:string generation:int64 resourceSliceCount?:*int32 totalDevices?:*int32 allocatedDevices?:*int32 availableDevices?:*int32 unavailableDevices?:*int32 nodeName?:*string validationError?:*string", // resource/v1alpha3.PoolStatus
    "kind?:string apiVersion?:string metadata?:37 spec:479 status?:*480", // resource/v1alpha3.ResourcePoolStatusRequest
    "driver:string poolName?:*string limit?:*int32", // resource/v1alpha3.ResourcePoolStatusRequestSpec
    "poolCount?:*int32 pools?:[]477 conditions?:[]31", // resource/v1alpha3.ResourcePoolStatusRequestStatus
    "attributes?:{}448 capacity?:{}449 consumesCounters?:[]456 nodeName?:*string nodeSelector?:*257 allNodes?:*bool taints?:[]333 bindsToNode?:*bool bindingConditions?:[]string bindingFailureConditions?:[]string allowMultipleAllocations?:*bool nodeAllocatableResourceMappings?:{}463", // resource/v1beta1.BasicDevice
    "name:string basic?:*481", // resource/v1beta1.Device
    "requests:[]484 constraints?:[]455 config?:[]451", // resource/v1beta1.DeviceClaim
    "name:string deviceClassName:string selectors?:[]459 allocationMode?:string count?:int64 adminAccess?:*bool firstAvailable?:[]460 tolerations?:[]334 capacity?:*442", // resource/v1beta1.DeviceRequest
    "kind?:string apiVersion?:string metadata?:37 spec:486 status?:468", // resource/v1beta1.ResourceClaim
    "devices:483", // resource/v1beta1.ResourceClaimSpec
    "kind?:string apiVersion?:string metadata?:37 spec:488", // resource/v1beta1.ResourceClaimTemplate
    "metadata?:37 spec:486", // resource/v1beta1.ResourceClaimTemplateSpec
    "kind?:string apiVersion?:string metadata?:37 spec:490", // resource/v1beta1.ResourceSlice
    "driver:string pool:471 nodeName?:string nodeSelector?:*257 allNodes?:bool devices?:[]482 perDeviceNodeSelection?:*bool sharedCounters?:[]444", // resource/v1beta1.ResourceSliceSpec
    "kind?:string apiVersion?:string metadata?:37 value:int32 globalDefault?:bool description?:string preemptionPolicy?:*string", // scheduling/v1.PriorityClass
    "minCount:int32", // scheduling/v1alpha2.GangSchedulingPolicy
    "kind?:string apiVersion?:string metadata?:37 spec:496 status?:497", // scheduling/v1alpha2.PodGroup
    "topology?:[]500", // scheduling/v1alpha2.PodGroupSchedulingConstraints
    "basic?:*43 gang?:*492", // scheduling/v1alpha2.PodGroupSchedulingPolicy
    "podGroupTemplateRef:*499 schedulingPolicy:495 schedulingConstraints?:*494 resourceClaims?:[]284 disruptionMode?:*string priorityClassName?:string priority?:*int32", // scheduling/v1alpha2.PodGroupSpec
    "conditions?:[]31 resourceClaimStatuses?:[]285", // scheduling/v1alpha2.PodGroupStatus
    "name:string schedulingPolicy:495 schedulingConstraints:*494 resourceClaims?:[]284 disruptionMode?:*string priorityClassName?:string priority?:*int32", // scheduling/v1alpha2.PodGroupTemplate
    "workload:*503", // scheduling/v1alpha2.PodGroupTemplateReference
    "key:string", // scheduling/v1alpha2.TopologyConstraint
    "apiGroup?:string kind:string name:string", // scheduling/v1alpha2.TypedLocalObjectReference
    "kind?:string apiVersion?:string metadata?:37 spec:504", // scheduling/v1alpha2.Workload
    "workloadName:string podGroupTemplateName:string", // scheduling/v1alpha2.WorkloadPodGroupTemplateReference
    "controllerRef?:*501 podGroupTemplates:[]498", // scheduling/v1alpha2.WorkloadSpec
    "kind?:string apiVersion?:string metadata?:37 spec:506", // storage/v1.CSIDriver
    "attachRequired?:*bool podInfoOnMount?:*bool volumeLifecycleModes?:[]string storageCapacity?:*bool fsGroupPolicy?:*string tokenRequests?:[]512 requiresRepublish?:*bool seLinuxMount?:*bool nodeAllocatableUpdatePeriodSeconds?:*int64 serviceAccountTokenInSecrets?:*bool preventPodSchedulingIfMissing?:*bool", // storage/v1.CSIDriverSpec
    "kind?:string apiVersion?:string metadata?:37 spec:509", // storage/v1.CSINode
    "name:string nodeID:string topologyKeys:[]string allocatable?:*519", // storage/v1.CSINodeDriver
    "drivers:[]508", // storage/v1.CSINodeSpec
    "kind?:string apiVersion?:string metadata?:37 nodeTopology?:*35 storageClassName:string capacity?:*quantity maximumVolumeSize?:*quantity", // storage/v1.CSIStorageCapacity
    "kind?:string apiVersion?:string metadata?:37 provisioner:string parameters?:{}string reclaimPolicy?:*string mountOptions?:[]string allowVolumeExpansion?:*bool volumeBindingMode?:*string allowedTopologies?:[]336", // storage/v1.StorageClass
    "audience:string expirationSeconds?:*int64", // storage/v1.TokenRequest
    "kind?:string apiVersion?:string metadata?:37 spec:515 status?:516", // storage/v1.VolumeAttachment
    "persistentVolumeName?:*string inlineVolumeSpec?:*271", // storage/v1.VolumeAttachmentSource
    "attacher:string source:514 nodeName:string", // storage/v1.VolumeAttachmentSpec
    "attached:bool attachmentMetadata?:{}string attachError?:*518 detachError?:*518", // storage/v1.VolumeAttachmentStatus
    "kind?:string apiVersion?:string metadata?:37 driverName:string parameters?:{}string", // storage/v1.VolumeAttributesClass
    "time?:time message?:string errorCode?:*int32", // storage/v1.VolumeError
    "count?:*int32", // storage/v1.VolumeNodeResources
    "kind?:string apiVersion?:string metadata?:37 spec?:521 status?:522", // storagemigration/v1beta1.StorageVersionMigration
    "resource:34", // storagemigration/v1beta1.StorageVersionMigrationSpec
    "conditions?:[]31 resourceVersion?:string", // storagemigration/v1beta1.StorageVersionMigrationStatus
];
