// Package ranges knows the address ranges that Microsoft publishes for some of
// the endpoints of package endpoints, and says whether an address lies in them.
//
// For most uses, call [Check] with the cloud, the name, and an address that the
// name resolved to. To write firewall rules, take [Embedded], narrow it with
// [List.Select] or [List.Cover], and read [List.Prefixes].
//
// # What an answer means
//
// Ranges are published for a few names: Intune itself, signing in, mail, files,
// Teams. Nothing is published for what comes from content delivery networks, and
// that is most of provisioning: Windows Update, Delivery Optimization, the
// content of Intune's apps, the deployment service. For these, and for all
// unknown names, the answer is [Unpublished], which is no answer.
//
// [Outside] is a fact about two lists, one from the resolver and one from a page
// of a certain date. A service that moved to other addresses since looks the
// same as a resolver that lies. Take it for a hint that something else has to
// confirm, never for a fault. Each [Set] has the source and the date to cite.
//
// Nothing is published by region: a range holds for a whole cloud.
//
// # Two sources
//
// Ranges of Intune are those of its documentation. Since August 2025 Microsoft
// says there that the Microsoft 365 endpoint service, the other source, is no
// longer accurate for Intune; what the service had to say of it is kept, with
// that as its Note. Package m365 makes a [List] of the service's answer of today.
//
// # Concurrency
//
// All functions may be called concurrently. What [Embedded] returns belongs to
// the caller; what the methods of a [List] return shares its hosts, ports and
// prefixes.
package ranges
