package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
)

// An Output is where a report goes. A file gets its new content only when the
// report is complete. The file beside it that gets the report until then exists
// from the first Write on, so what ends the program before leaves none.
type Output struct {
	stdout io.Writer // nil for a file
	file   *os.File  // nil if nothing was written
	target string    // what file will be renamed to, or "" if it is written directly
	mode   fs.FileMode
}

// OpenOutput opens the file that a flag names, or returns stdout if name is
// empty. It fails if the file cannot be written, before anything is measured.
// The caller calls Commit when everything is written, and Discard at the end.
func OpenOutput(flag, name string, stdout io.Writer) (*Output, error) {
	if name == "" {
		return &Output{stdout: stdout}, nil
	}
	out, err := openTarget(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return out, nil
}

func openTarget(name string) (*Output, error) {
	// A link stays a link: its target is replaced.
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		name = resolved
	}
	out := &Output{target: name, mode: 0o666}
	old, err := os.OpenFile(name, os.O_WRONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody reads is an error
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		info, err := old.Stat()
		if err != nil {
			return nil, errors.Join(err, old.Close())
		}
		if !info.Mode().IsRegular() { // a device or a pipe cannot be replaced
			return &Output{file: old}, nil
		}
		out.mode = info.Mode().Perm()
		if err := old.Close(); err != nil {
			return nil, err
		}
	}
	if err := out.create(); err != nil { // whether it can be
		return nil, err
	}
	out.Discard()
	return out, nil
}

// create creates the file beside the target.
func (o *Output) create() error {
	dir, base := filepath.Split(o.target)
	beside := filepath.Join(dir, fmt.Sprintf(".%s.%08x", base, rand.Uint32()))
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, o.mode)
	if bad, ok := errors.AsType[*fs.PathError](err); ok {
		bad.Path = o.target // nobody knows the other name
	}
	if err == nil {
		o.file = f
	}
	return err
}

// Write writes a part of the report.
func (o *Output) Write(p []byte) (int, error) {
	if o.stdout != nil {
		return o.stdout.Write(p)
	}
	if o.file == nil {
		if err := o.create(); err != nil {
			return 0, err
		}
	}
	return o.file.Write(p)
}

// Commit replaces the file's content by what was written.
func (o *Output) Commit() error {
	if o.file == nil {
		return nil
	}
	f := o.file
	o.file = nil
	if o.target == "" {
		return f.Close()
	}
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), o.target)
	}
	if bad, ok := errors.AsType[*os.LinkError](err); ok {
		err = &fs.PathError{Op: "replace", Path: o.target, Err: bad.Err} // nobody knows the other name
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// Discard drops what was not committed.
func (o *Output) Discard() {
	if o.file == nil {
		return
	}
	_ = o.file.Close()
	if o.target != "" {
		_ = os.Remove(o.file.Name())
	}
	o.file = nil
}
