// Package jsonwrite writes JSON as encoding/json does: a Writer appends values,
// and a Printer indents and cleans what it passes on, part by part.
package jsonwrite
