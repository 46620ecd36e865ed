// Package m365 is a client of the Microsoft 365 endpoint web service, which
// publishes the host names, ports and address ranges of Microsoft 365 for its
// four instances, and says each month what changed.
//
// For most uses, call [Client.Endpoints], and merge what it returns into a
// catalogue:
//
//	client := &m365.Client{ClientRequestID: id, Cache: cache}
//	answer, err := client.Endpoints(ctx, m365.Worldwide)
//	...
//	catalog, err := base.With(answer.Endpoints(base)...)
//
// [endpoints.Diff] of the two catalogues tells what the service knows that the
// base does not. A file that was downloaded by other means is read by [ParseSets].
//
// # Manners
//
// The service asks its clients to look for a new version once an hour at most, to
// fetch the endpoints only if there is one, and to use one identifier for each
// installation. It allows 30 requests an hour for endpoints and changes, and
// answers further ones with status 429. A Client that has a [Cache] keeps to all
// of this. Without one it knows nothing of the calls before, so that each call
// fetches the endpoints anew. A Client never waits and never tries again: an
// [*Error] says how long to wait, and until then further calls fail at once.
//
// Nothing is sent but the identifier, the name of the tenant if one is set, and
// what is asked for. Nothing is done in the background, but that an
// [net/http.Transport] goes on dialing for a while if a call ends early, as ever.
//
// # Hostile answers
//
// Answers are bounded, and redirects to other hosts refused. What cannot be read
// in an answer is listed in Problems, with entry, field and reason, and the rest
// is there. Unknown fields are skipped, as the service adds some now and then;
// unknown service areas and categories are kept as they are. Text loses its
// control characters.
//
// # What the service is not
//
// The built-in catalogue stays the base. It was made from the documents of
// Autopilot, Autopatch and Intune as well, and knows what provisioning needs; the
// service knows what Microsoft 365 as a whole may use. Merging takes nothing
// away and makes nothing in the base required, or less so; see [Answer.Endpoints].
//
// For Intune, Microsoft itself says since August 2025 that the service is no
// longer accurate, and to use the list in Intune's documentation instead. That
// is [Set.Caveat], and each endpoint that comes from there carries it.
//
// The facts on the service are from "Office 365 IP Address and URL web service",
// MicrosoftDocs/microsoft-365-docs:microsoft-365/enterprise/microsoft-365-ip-web-service.md,
// 2019-08-06 and later.
//
// # Concurrency
//
// A Client may be used concurrently. Concurrent calls of [Client.Endpoints] take
// turns, so that with a cache only the first one asks the service.
package m365
