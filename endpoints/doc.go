// Package endpoints is a catalog of the network endpoints that Windows
// Autopilot, Windows Autopilot device preparation and Windows Autopatch need:
// each host with its ports, service, scenarios and clouds, the consequence of
// losing it, and the document that says so.
//
// Most programs take [Embedded] and query it:
//
//   - [Catalog.Select] returns the endpoints that a [Scope] needs: a scenario,
//     a cloud, a tenant, a region, and so on.
//   - [Catalog.Match] returns the documented rules that cover a name. It
//     answers "what is this line of the proxy log?".
//   - [Catalog.Support] says whether Microsoft offers a scenario in a cloud.
//   - [Catalog.Fact] says how a host and port behave on healthy networks.
//     [Catalog.Given] returns the source that lists that port, and
//     [Catalog.Operators] the operators of a name's DNS zones.
//
// The package only holds facts. It sends nothing, does not judge failures, and
// uses only the standard library.
//
// # Facts and their sources
//
// An [Endpoint] names its [Source] by title, reference and date. Its Basis says
// whether a Microsoft document states the fact, whether it was observed, on the
// wire or in other tools' lists, or whether it is inferred. The consequence of
// losing the endpoint has a basis of its own.
//
// [Need] is functional. If the Autopilot pages say that setup continues without
// a service, its endpoints are not [Required], even if a table says "Required".
// The table's own word is kept in Category and Sets. An endpoint that only
// older versions of a document require is [FormerlyRequired]: it is still
// tested but decides nothing, and DroppedBy names the newest version. Retired
// names stay in the catalog with their [Status] and replacements so that
// programs recognize them; Select skips them. [Catalog.Listed] includes those
// that documents still list.
//
// A host's ports differ between clouds, and only tenants that use mail need
// mail ports. [Scope.Ports] returns the ports that a scope needs, and Select
// returns endpoints with only those. [Endpoint.Newest] and [Source.Day] say how
// old the newest document is.
//
// # What is known of hosts
//
// A list says what may be needed, not what answers. A [Fact] says whether a
// host answers on a port, or how it deviates: a content host may present its
// CDN's certificate. Each fact names its source and date. Inferences are not
// facts.
//
// The built-in facts are in facts.json. There, and under "facts" in a catalog,
// facts that differ only in host and port form one group. Its "at" lists them
// as "host:port", or "host" for the name alone:
//
//	{
//		"source": "book", "date": "2026-08-22", "known": "contradicted",
//		"how": "foreign_certificate", "names": ["*.azureedge.net"],
//		"basis": "seen-in-capture", "confidence": "once",
//		"at": ["m.manage.microsoft.com:443"]
//	}
//
// A group may also have "statuses" and "notes". "operators" lists an [Operator]
// each: {"zone", "mname", "rname", "source"}. [Catalog.WithFacts] adds facts of
// your own. A catalog read from a file has only that file's facts.
//
// # Hosts and wildcards
//
// A [Host] is written as in the documents. See [ParseHost] for the forms and
// [Host.Match] for what they cover. Four points are easy to miss:
//
//   - "*.manage.microsoft.com" does not cover "manage.microsoft.com". If both
//     are needed, the catalog has both.
//   - A pattern cannot be tested directly, because resolving an invented name
//     proves nothing. Members are names under the pattern that are known to
//     exist.
//   - A template such as "{tenant}.sharepoint.com" can be tested once the
//     tenant is known; see [Host.Expand]. A template such as
//     "enterpriseenrollment.{domain}" is a record that the tenant creates, and
//     CNAMEs lists its expected targets.
//   - Names such as "$resolver" stand for things without a public name: the
//     resolver, the proxy, a domain controller.
//
// # Errors
//
// An invalid scope, host, endpoint or catalog is an [*Error]. It names the
// field and, for a closed vocabulary, lists the known values. Unknown names are
// errors; they never silently select nothing.
//
// # Your own endpoints
//
// [New] makes an endpoint of your own, and [Catalog.With] adds it to a catalog
// or replaces one there. [Catalog.Encode] writes a catalog as JSON for editing
// and review, and [Decode] reads it back. Decode rejects anything unknown and
// names the entry and field, so that a typo does not become an endpoint that
// nobody tests. In the JSON, endpoints inherit the fields of their group and
// groups those of their service. Each source is written once and referred to by
// key.
//
// # Related packages
//
// Package changes compares catalogs. Package m365 queries the Microsoft 365
// endpoint service. Package ranges has the address ranges that Microsoft
// publishes. Package allowlist writes allowlists for firewalls and proxies, and
// package traffic reads their logs.
package endpoints
