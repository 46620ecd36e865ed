package m365

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
)

// A Cache keeps answers between the calls of a [Client] and between programs.
// The caller provides it; one file for each key is enough.
//
// Keys consist of lower-case letters, digits and hyphens. Values are JSON,
// usually 30 KiB and at most 8 MiB, and contain the installation's identifier.
// A cache shared by several clients must be safe for concurrent use.
type Cache interface {
	// Load returns the data last stored under the key, or nil if there is none.
	// The client ignores damaged or foreign data.
	Load(ctx context.Context, key string) ([]byte, error)

	// Store replaces the data under the key. It must not retain data.
	Store(ctx context.Context, key string, data []byte) error
}

const entryFormat = "netready-m365/1"

// An entry is what the cache stores.
type entry struct {
	Format          string          `json:"format"`
	Instance        string          `json:"instance"` // the service's own name
	Version         Version         `json:"version"`
	ClientRequestID string          `json:"client_request_id"`
	Fetched         time.Time       `json:"fetched"`
	Checked         time.Time       `json:"checked"`
	Sets            json.RawMessage `json:"sets"` // as the service sent them

	cached   bool
	sets     []Set
	problems []*endpoints.Error
}

// key identifies the instance and the rest of the query.
func key(instance string, query url.Values) string {
	k := "m365-" + strings.ToLower(instance)
	if len(query) > 0 {
		k += fmt.Sprintf("-%x", sha256.Sum256([]byte(query.Encode())))[:17]
	}
	return k
}

// load returns the entry in the cache, or nil if there is no usable one.
func (c *Client) load(ctx context.Context, instance string, query url.Values) (*entry, error) {
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

// parse reads the sets. It rejects an answer without any.
func (e *entry) parse() (err error) {
	if e.sets, e.problems, err = ParseSets(e.Sets); err == nil && len(e.sets) == 0 {
		err = &endpoints.Error{Code: endpoints.BadValue, Line: 1, Reason: "no endpoint sets"}
	}
	return err
}

// fresh reports whether the service was asked recently enough. A time in the
// future comes from a wrong clock and does not count.
func (e *entry) fresh() bool {
	age := time.Since(e.Checked)
	return 0 <= age && age < Interval
}

func (e *entry) answer() (*Answer, error) {
	return &Answer{
		Cloud: cloudOf(e.Instance), Version: e.Version, Sets: e.sets, Problems: e.problems,
		ClientRequestID: e.ClientRequestID, Fetched: e.Fetched, Checked: e.Checked, Cached: e.cached,
	}, nil
}

// orError returns an error with the answer of e, if any. e may be nil.
func (e *entry) orError(err error) (*Answer, error) {
	if e == nil {
		return nil, err
	}
	a, _ := e.answer()
	return a, err
}

// store stores e in the cache, if there is one, and returns its answer.
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
