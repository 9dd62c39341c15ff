package simulator

import (
	"encoding/base64"
	"encoding/binary"
)

// paging holds the page sizes that an operation allows.
type paging struct{ least, most, standard int }

// size returns how many items the page holds. It is not ok when the caller asked
// for a size that the operation does not allow.
func (p paging) size(asked *int32) (size int, ok bool) {
	if asked == nil {
		return p.standard, true
	}
	n := int(*asked)
	return n, n >= p.least && n <= p.most
}

// page collects up to size items of the positions [from, to) and leaves missing
// ones out. It returns the position that the next page begins at.
func page[T any](from, to, size int, item func(n int) (T, bool)) (items []T, next int) {
	items = make([]T, 0, min(size, max(0, to-from)))
	n := from
	for ; n < to && len(items) < size; n++ {
		if v, ok := item(n); ok {
			items = append(items, v)
		}
	}
	return items, n
}

// token returns the opaque token of a position, or nil at the end.
func (r *request) token(next, end int) *string {
	if next >= end {
		return nil
	}
	key := r.tokenKey()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], uint64(next)^key)
	binary.BigEndian.PutUint64(b[8:], mix(uint64(next)+key))
	return new(base64.RawURLEncoding.EncodeToString(b[:]))
}

// position returns where a token points to, or start without one. A token is
// only valid for the account, region and operation that gave it.
func (r *request) position(token *string, start int) (n int, ok bool) {
	if token == nil || *token == "" {
		return start, true
	}
	b, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil || len(b) != 16 {
		return 0, false
	}
	key := r.tokenKey()
	next := binary.BigEndian.Uint64(b) ^ key
	return int(next), binary.BigEndian.Uint64(b[8:]) == mix(next+key)
}

func (r *request) tokenKey() uint64 {
	return mix(r.estate.seed ^ hash(r.Region) ^ mix(hash(r.Service+":"+r.Operation)))
}
