// Package ranges has the address ranges that Microsoft publishes for some of
// the endpoints of package endpoints, and says whether an address is in them.
//
// Most programs call [Check] with the cloud, the name, and an address that the
// name resolved to. For firewall rules, take [Embedded], narrow it with
// [List.Select] or [List.Cover], and read [List.Prefixes].
//
// # What the result means
//
// Microsoft publishes ranges for few names: Intune itself, sign-in, mail,
// files, Teams. It publishes none for content delivery networks, which serve
// most of provisioning: Windows Update, Delivery Optimization, Intune app
// content, the deployment service. For these and for all unknown names the
// result is [endpoints.Unknown].
//
// [endpoints.Contradicted] compares two lists, one from the resolver and one
// from a dated page. A service that has since moved looks the same as a lying
// resolver. Treat it as a hint that needs confirmation, never as a fault. Each
// [Set] has the source and date to cite.
//
// No ranges are published by region: a range applies to a whole cloud.
//
// # Two sources
//
// Intune ranges come from its documentation. It says since August 2025 that the
// other source, the Microsoft 365 endpoint service, is no longer accurate for
// Intune. Sets of Intune from that service are kept, with this statement as
// their Note. Package m365 makes a [List] from a current response of the
// service.
//
// The newest data available from the service is plain lists of 2026-07-01,
// without sets and ports. The Note of a range added or dropped there says how
// its set was determined, or that it is unknown.
//
// # Concurrency
//
// All functions are safe for concurrent use. The result of [Embedded] belongs
// to the caller. Results of [List] methods share its hosts, ports and prefixes.
package ranges
