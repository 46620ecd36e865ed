// Package plain makes text from outside safe to show: one line, without
// characters that move a cursor, hide, or reorder adjacent text.
package plain
