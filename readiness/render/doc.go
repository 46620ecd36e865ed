// Package render writes reports of package readiness for people and programs.
//
// For people, [Text] is for the technician at the machine: the verdict first,
// then the causes with what to do about them, then the services. [Markdown] says
// the same in a ticket, and [HTML] on a page to mail, with everything that was
// measured.
//
// For programs, [JSON] is the document whose fields package readiness describes,
// indented. [Brief] is this document without observations, and [Line] the
// outcome on one line. [JUnit] is for CI servers, and [OpenMetrics] for
// monitoring.
//
// [Diff] and [DiffJSON] write what changed between two reports.
//
// Output depends only on the reports: the same report gives the same bytes. No
// text that a report quotes from the network can become markup.
package render
