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
// report is complete.
type Output struct {
	io.Writer
	file   *os.File // nil for stdout
	target string   // what file will be renamed to, or "" if it is written directly
}

// OpenOutput opens the file that a flag names, or returns stdout if name is
// empty. It fails if the file cannot be written, before anything is measured.
// The caller calls Commit when everything is written, and Discard at the end.
func OpenOutput(flag, name string, stdout io.Writer) (*Output, error) {
	if name == "" {
		return &Output{Writer: stdout}, nil
	}
	out, err := openTarget(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	out.Writer = out.file
	return out, nil
}

func openTarget(name string) (*Output, error) {
	// A link stays a link: its target is replaced.
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		name = resolved
	}
	mode := fs.FileMode(0o666)
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
		mode = info.Mode().Perm()
		if err := old.Close(); err != nil {
			return nil, err
		}
	}
	dir, base := filepath.Split(name)
	beside := filepath.Join(dir, fmt.Sprintf(".%s.%08x", base, rand.Uint32()))
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if bad, ok := errors.AsType[*fs.PathError](err); ok {
		bad.Path = name // nobody knows the other name
	}
	if err != nil {
		return nil, err
	}
	return &Output{file: f, target: name}, nil
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
}
