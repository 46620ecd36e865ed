// Package render writes reports of package readiness for people and programs.
//
// [Text] is for the technician at the machine: the verdict first, then the
// causes with what to do about them, then the services. [JSON] is the document
// whose fields package readiness describes, indented.
//
// Output depends only on the report: the same report gives the same bytes.
package render
