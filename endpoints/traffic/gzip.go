package traffic

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
)

// A gzipReader decompresses a log. Damaged data is an [*endpoints.Error].
type gzipReader struct {
	r io.Reader
	z *gzip.Reader // nil before the first call
}

// Read implements [io.Reader].
func (g *gzipReader) Read(p []byte) (n int, err error) {
	if g.z == nil {
		g.z, err = gzip.NewReader(g.r)
	}
	if err == nil {
		n, err = g.z.Read(p)
	}
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = badSyntax("", "the compressed data ends in the middle")
	case corrupt, errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		err = badSyntax("", "the compressed data is damaged")
	}
	return n, err
}
