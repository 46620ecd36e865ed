// Package endpoints is a catalogue of the network endpoints that Windows
// Autopilot, Windows Autopilot device preparation and Windows Autopatch need:
// which host, on which ports, for which service, in which scenario and cloud,
// what happens without it, and which document says so.
//
// For most uses, take [Embedded] and ask it:
//
//   - [Catalog.Select] returns the endpoints of a scenario, a cloud, a region,
//     and so on.
//   - [Catalog.Match] returns the documented rules that cover a name, which
//     answers "what is this line of the proxy log?".
//   - [Catalog.Support] says whether Microsoft offers a scenario in a cloud.
//   - [Diff] tells two catalogues apart, and [Effects] says what the difference
//     means for those who allow names.
//
// The package holds facts. It sends nothing, and it has no opinion on what a
// failure means; it only uses the standard library.
//
// # Facts, and how they are known
//
// An [Endpoint] names its [Source] by title, reference and date, and says in
// its Confidence whether a Microsoft document states it, whether it was seen on
// the wire or in the lists of others, or whether it is inferred. The same goes
// for what happens without it. [Need] is functional: where the Autopilot pages say that
// setup continues without a service, its endpoints are not [Required], even
// where a table prints that word; the table's own word is kept in Category and
// Sets. Names that Microsoft retired stay in the catalogue with their [Status],
// so that they are recognised; Select leaves them out unless asked.
//
// The catalogue has a version and the date on which it was last checked
// against its sources. [Catalog.Notes] says what a reader should know about it
// as a whole.
//
// # Hosts and wildcards
//
// A [Host] is written as documents write it. See [ParseHost] for the forms and
// [Host.Match] for what they cover. Four things are easily missed:
//
//   - "*.manage.microsoft.com" does not cover "manage.microsoft.com". Where both
//     are needed, both are in the catalogue.
//   - A pattern cannot be tested by itself: inventing a name below it proves
//     nothing. Members are names below it that are known to exist.
//   - A name such as "{tenant}.sharepoint.com" can be tested once the tenant is
//     known: [Host.Expand]. One such as "enterpriseenrollment.{domain}" is a
//     record that the tenant makes; CNAMEs are what it should point to.
//   - "$resolver" and its like stand for things without a public name, such as
//     the resolver, the proxy, or a domain controller.
//
// # Own endpoints
//
// [Catalog.With] adds an organisation's own endpoints to a catalogue, or
// replaces some. [Catalog.Encode] writes a catalogue as JSON that can be edited
// and reviewed, and [Decode] reads it. Decode accepts nothing that it does not
// know, and its errors name the entry and the field, so that a slip of the pen
// does not become an endpoint that nobody tests. In that format, an endpoint
// inherits the fields of its group, and a group those of its service;
// sources are written once and referred to by key.
//
// # Further packages
//
// Package m365 asks the Microsoft 365 endpoint service, and ranges knows the
// addresses that Microsoft publishes. Package allowlist writes what has to be let
// through in the languages of firewalls and proxies, and traffic reads their logs.
//
// # Concurrency
//
// A [Catalog] never changes. Its methods may be called concurrently, and what
// they return belongs to the caller.
package endpoints
