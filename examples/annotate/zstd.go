package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow limits how much decompressed text a log may refer back to, and so
// the memory that decompression takes. The command zstd has the same limit.
const maxWindow = 128 << 20

// decompress returns the text of a log that Zstandard compressed, and any other
// log as it is: package traffic decompresses gzip itself.
func decompress(log io.Reader) (io.Reader, error) {
	br := bufio.NewReader(log)
	mark, _ := br.Peek(4) // a later read returns the same error
	if !isZstd(mark) {
		return br, nil
	}
	z, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return zstdReader{z}, nil
}

// isZstd reports whether a file begins with a frame of Zstandard, or with a
// skippable frame, as those of pzstd.
func isZstd(mark []byte) bool {
	return bytes.Equal(mark, []byte("\x28\xb5\x2f\xfd")) || len(mark) == 4 && mark[0]&0xf0 == 0x50 && string(mark[1:]) == "\x2a\x4d\x18"
}

// A zstdReader says in plain words what keeps a log from being decompressed.
type zstdReader struct{ z *zstd.Decoder }

// Read implements [io.Reader].
func (r zstdReader) Read(p []byte) (int, error) {
	n, err := r.z.Read(p)
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("the compressed data ends in the middle")
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		err = errors.New("decompression needs more than 128 MiB; decompress the log first, as in zstd -dc --long=31 FILE | annotate -")
	default:
		err = fmt.Errorf("decompression: %w", err)
	}
	return n, err
}
