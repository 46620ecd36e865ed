// Package race says whether the race detector is on. With it tests take several
// times as long, and try fewer situations.
package race

// Enabled reports whether the race detector is on.
const Enabled = enabled
