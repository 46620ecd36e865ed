// Package jsonwrite writes JSON as encoding/json does, and on request indented,
// with clean texts, and while it is made.
package jsonwrite
