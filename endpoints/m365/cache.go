package m365

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// A Cache keeps answers between the calls of a [Client], and between programs.
// It is the caller's: a file for each key will do.
//
// Keys consist of lower-case letters, digits and hyphens. What is kept is JSON,
// 8 MiB at most and mostly 30 KiB. It holds the identifier of the installation.
// A cache that several clients share has to be safe for concurrent use.
type Cache interface {
	// Load returns what was stored last under the key, or nil if nothing was.
	// What it returns may be damaged or foreign: then it counts as nothing.
	Load(ctx context.Context, key string) ([]byte, error)

	// Store replaces what is stored under the key. It does not keep data.
	Store(ctx context.Context, key string, data []byte) error
}

const entryFormat = "netready-m365/1"

// An entry is what is in the cache.
type entry struct {
	Format          string          `json:"format"`
	Instance        Instance        `json:"instance"`
	Version         Version         `json:"version"`
	ClientRequestID string          `json:"client_request_id"`
	Fetched         time.Time       `json:"fetched"`
	Checked         time.Time       `json:"checked"`
	Sets            json.RawMessage `json:"sets"` // as the service sent them

	cached   bool
	sets     []Set
	problems []*DecodeError
}

// key is of the instance and of what was asked for beside it.
func key(instance Instance, query url.Values) string {
	k := "m365-" + strings.ToLower(string(instance))
	if len(query) > 0 {
		k += fmt.Sprintf("-%x", sha256.Sum256([]byte(query.Encode())))[:17]
	}
	return k
}

// load returns the entry in the cache, or nil if there is none that is any good.
func (c *Client) load(ctx context.Context, instance Instance, query url.Values) (*entry, error) {
	if c.Cache == nil {
		return nil, nil
	}
	data, err := c.Cache.Load(ctx, key(instance, query))
	if err != nil {
		return nil, &Error{Code: CacheFailed, Err: err}
	}
	e, ok := decodeEntry(data)
	if !ok || e.Instance != instance {
		return nil, nil
	}
	c.adopt(e.ClientRequestID)
	return e, nil
}

func decodeEntry(data []byte) (e *entry, ok bool) {
	if len(data) == 0 || len(data) > maxBody+1<<10 {
		return nil, false
	}
	e = &entry{cached: true}
	if err := json.Unmarshal(data, e); err != nil {
		return nil, false
	}
	if e.Format != entryFormat || !e.Version.Valid() || !isRequestID(e.ClientRequestID) {
		return nil, false
	}
	return e, e.parse() == nil
}

// parse reads the sets. An answer without any is no answer.
func (e *entry) parse() (err error) {
	if e.sets, e.problems, err = ParseSets(e.Sets); err == nil && len(e.sets) == 0 {
		err = &DecodeError{Code: BadValue, Line: 1, Reason: "no endpoint sets"}
	}
	return err
}

// fresh reports whether the service was asked so lately that it need not be
// asked again. A time that is still to come is that of a clock that was wrong.
func (e *entry) fresh() bool {
	age := time.Since(e.Checked)
	return 0 <= age && age < Interval
}

func (e *entry) answer() (*Answer, error) {
	return &Answer{
		Instance: e.Instance, Version: e.Version, Sets: e.sets, Problems: e.problems,
		ClientRequestID: e.ClientRequestID, Fetched: e.Fetched, Checked: e.Checked, Cached: e.cached,
	}, nil
}

// orError returns an error, and the answer of e if there is one. e may be nil.
func (e *entry) orError(err error) (*Answer, error) {
	if e == nil {
		return nil, err
	}
	a, _ := e.answer()
	return a, err
}

// store puts e into the cache, if there is one, and returns its answer.
func (c *Client) store(ctx context.Context, e *entry, query url.Values) (*Answer, error) {
	if c.Cache == nil {
		return e.answer()
	}
	data, err := json.Marshal(e)
	if err == nil {
		err = c.Cache.Store(ctx, key(e.Instance, query), data)
	}
	if err != nil {
		return e.orError(&Error{Code: CacheFailed, Err: err})
	}
	return e.answer()
}
