// Package m365 is a client of the Microsoft 365 endpoint web service, which
// publishes the host names, ports and address ranges of Microsoft 365 for each
// cloud, with monthly changes.
//
// Most programs call [Client.Endpoints] and merge the answer into a catalog:
//
//	client := &m365.Client{ClientRequestID: id, Cache: cache}
//	answer, err := client.Endpoints(ctx, endpoints.CloudWorldwide)
//	...
//	catalog, err := base.With(answer.Endpoints(base)...)
//
// To see what the service adds, compare the two catalogs with Diff of package
// changes. [ParseSets] reads a file that was downloaded by other means.
//
// # Rate limits
//
// The service requires its clients to ask for a new version at most once an
// hour, to fetch the endpoints only if there is one, and to use one identifier
// for each installation. It allows 30 requests an hour for endpoints and
// changes; further requests fail with status 429. A Client with a [Cache]
// follows all of these rules. Without a cache, each call fetches the endpoints
// again. A Client never waits and never retries: an [*Error] says how long to
// wait, and calls before that fail immediately.
//
// A Client sends only the identifier, the tenant's name if set, and the query.
// It does no work in the background, except that a [net/http.Transport] may
// keep dialing for a while after a call ends early.
//
// # Untrusted answers
//
// The size of answers is limited, and redirects to other hosts are refused.
// Parts that cannot be read are listed in Problems, with entry, field and
// reason; the rest is used. Unknown fields are skipped, because the service
// adds fields; unknown service areas and categories are kept. Control
// characters are removed from text.
//
// # Limits of the service
//
// Keep the built-in catalog as the base. It comes from the documents of
// Autopilot, Autopatch and Intune and has what provisioning needs; the service
// has what Microsoft 365 as a whole may use. Merging never removes an endpoint
// of the base, nor changes whether it is required; see [Answer.Endpoints].
//
// Since August 2025 Microsoft says that the service is no longer accurate for
// Intune, and refers to the list in Intune's documentation. [Set.Caveat] quotes
// this, and every endpoint from such a set carries it.
//
// Facts about the service are from "Office 365 IP Address and URL web service",
// MicrosoftDocs/microsoft-365-docs:microsoft-365/enterprise/microsoft-365-ip-web-service.md,
// 2019-08-06 and later.
//
// # Concurrency
//
// A Client is safe for concurrent use. Concurrent calls of [Client.Endpoints]
// take turns, so with a cache only the first one queries the service.
package m365
