// Package jsonwrite writes JSON as encoding/json does, in one pass: nothing is
// encoded apart and then copied.
package jsonwrite
