package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Audit keeps what was planned, approved, sent, refused and verified: an append-only
// stream for each owner, which drops only what is older than the time that it is kept.
//
// The lines of an owner are a chain. Each has a number, the hash of the line before
// and its own, which is reckoned here: Redis knows no SHA-256. A script appends lines
// only behind the line that they were reckoned for. A writer that another one
// overtook is told the head, reckons anew and tries again, so the chain never forks.
type Audit struct{ *Store }

// auditKeys are the KEYS of the audit's scripts: the stream, what is known of its
// chain, and how far the lines of a source, if there is one, are written. Braces around
// the name of the first put the others into its hash slot.
func auditKeys(owner, source string) []string {
	stream := ownerKey(owner, "audit")
	keys := []string{stream, "{" + stream + "}:chain"}
	if source != "" {
		keys = append(keys, "{"+stream+"}:told:"+source)
	}
	return keys
}

// appendAudit appends lines to an owner's audit, and drops up to a hundred that are too
// old; what is known of the last that was dropped becomes the anchor of the chain. Run
// twice, the second finds its lines there, and keeps what it knows of their source for
// longer: a replica that has this has the lines.
//
// KEYS: stream, chain, told (where the lines have a source)
// ARGV: hash and ID of the line that they follow, the time before which lines are dropped
// (ms), number of the first line in its source, of the last, time to live of told (ms),
// then of each line: ID, JSON, hash of the line before, hash
// Returns {"ok"} | {"again"} | {"told", number} when lines up to that number are written |
// {"stale", hash, ID, number} of the line that new ones follow
var appendAudit = redis.NewScript(`
local S, C, T = KEYS[1], KEYS[2], KEYS[3]
local num, call = tonumber, redis.call
local function field(line, name)
	for k = 1, #line[2], 2 do if line[2][k] == name then return line[2][k + 1] end end
end
local function mark(line) return field(line, "h"), line[1], string.format("%.0f", cjson.decode(field(line, "e")).number) end
if T then
	local told = call("GET", T)
	if told and num(told) >= num(ARGV[4]) then
		call("PEXPIRE", T, ARGV[6])
		return {"told", told}
	end
end
local head = call("HMGET", C, "hash", "id", "n")
local hash, id, n = head[1], head[2], head[3]
local first = not id
if first then
	hash, id, n = "", "0-0", "0"
	local top = call("XREVRANGE", S, "+", "-", "COUNT", 1)[1]
	if top and field(top, "h") then
		hash, id, n = mark(top)
		first = false
	elseif top then id = top[1] end
end
if hash ~= ARGV[1] or id ~= ARGV[2] then
	local mine = ARGV[7] and call("XRANGE", S, ARGV[7], ARGV[7])[1]
	if mine and field(mine, "h") == ARGV[10] then return {"again"} end
	return {"stale", hash, id, n}
end
if first then call("HSET", C, "anchor_hash", hash, "anchor_id", id, "anchor_n", n) end
for at = 7, #ARGV, 4 do
	call("XADD", S, ARGV[at], "e", ARGV[at + 1], "p", ARGV[at + 2], "h", ARGV[at + 3])
	hash, id, n = ARGV[at + 3], ARGV[at], n + 1
end
call("HSET", C, "hash", hash, "id", id, "n", string.format("%.0f", n))
if T then call("SET", T, ARGV[5], "PX", ARGV[6]) end
local old = call("XRANGE", S, "-", ARGV[3], "COUNT", 100)
local last = old[#old]
local kept = last and call("XRANGE", S, "(" .. last[1], "+", "COUNT", 1)[1]
if kept then
	if field(last, "h") then
		local hash, id, n = mark(last)
		call("HSET", C, "anchor_hash", hash, "anchor_id", id, "anchor_n", n)
	end
	call("XTRIM", S, "MINID", kept[1])
end
return {"ok"}
`)

const (
	auditBatch = 100  // lines that one script appends
	auditTries = 1000 // how often a writer is overtaken before it gives up
)

var errOvertaken = errors.New("other writers were always faster")

// Write adds lines to the audit of owner.
func (s Audit) Write(ctx context.Context, owner string, events ...tracker.AuditEvent) error {
	for batch := range slices.Chunk(events, auditBatch) {
		if _, err := s.append(ctx, owner, batch, auditSource{}); err != nil {
			return err
		}
	}
	return nil
}

// WriteOnce adds a line to the audit of owner, unless a line of that name was added
// within the time that the name is kept.
func (s Audit) WriteOnce(ctx context.Context, owner, name string, keep time.Duration, e tracker.AuditEvent) error {
	_, err := s.append(ctx, owner, []tracker.AuditEvent{e}, auditSource{name, 1, keep})
	return err
}

// auditSource is where lines come from that must not be written twice: they have
// numbers there, and first is that of the first of them.
type auditSource struct {
	name  string
	first int64
	keep  time.Duration
}

// append adds at most auditBatch lines to the audit of owner. kept is false when the
// audit is on another node than the source of the lines, which has replicas, and none of
// these has the lines yet.
func (s Audit) append(ctx context.Context, owner string, events []tracker.AuditEvent, from auditSource) (kept bool, err error) {
	turn := s.audits.of(owner)
	select {
	case turn.taken <- struct{}{}:
		defer func() { <-turn.taken }()
	case <-ctx.Done():
		return false, fmt.Errorf("write to the audit: %w", ctx.Err())
	}
	if turn.owner != owner {
		turn.owner, turn.head = owner, auditHead{}
	}
	for range auditTries {
		args, head, err := s.chained(turn.head, events, from)
		if err != nil {
			return false, err
		}
		reply, kept := s.runAppend(ctx, auditKeys(owner, from.name), args)
		r, err := reply.StringSlice()
		if err != nil {
			turn.head = auditHead{}
			return false, fmt.Errorf("write to the audit: %w", err)
		}
		switch r[0] {
		case "ok":
			turn.head = head
			return kept, nil
		case "again":
			turn.head = auditHead{}
			return kept, nil
		case "told":
			told := num(r[1]) - from.first + 1
			if told >= int64(len(events)) {
				return kept, nil
			}
			events, from.first = events[told:], from.first+told
		default:
			turn.head = auditHead{r[1], r[2], num(r[3])}
		}
	}
	turn.head = auditHead{}
	return false, fmt.Errorf("write to the audit: %w", errOvertaken)
}

// runAppend runs appendAudit. In a cluster the audit may be on another node than the
// source of its lines: these are dropped there when a replica of the audit's node has
// them. On one node the lines come before their dropping also for its replicas.
func (s Audit) runAppend(ctx context.Context, keys []string, args []any) (reply *redis.Cmd, kept bool) {
	if _, cluster := s.rdb.(*redis.ClusterClient); cluster && len(keys) == 3 {
		return s.acknowledged(ctx, appendAudit, keys, args...)
	}
	return appendAudit.Run(ctx, s.rdb, keys, args...), true
}

// chained are the arguments of appendAudit for lines that follow head, and the head
// after them. Where the head is not known there are no lines, and the script tells it.
func (s Audit) chained(head auditHead, events []tracker.AuditEvent, from auditSource) ([]any, auditHead, error) {
	oldest := max(s.now()-s.o.AuditRetention.Milliseconds()-1, 0)
	args := []any{head.hash, head.id, oldest, from.first, from.first + int64(len(events)) - 1, from.keep.Milliseconds()}
	if head.id == "" {
		return args, head, nil
	}
	for _, e := range events {
		next := auditHead{id: lineAfter(head.id, s.now()), n: head.n + 1}
		e.ID, e.Number, e.Prev, e.Hash = next.id, next.n, "", ""
		body, err := canonical(e)
		if err != nil {
			return nil, head, err
		}
		next.hash = chainHash(head.hash, body)
		args = append(args, next.id, body, head.hash, next.hash)
		head = next
	}
	return args, head, nil
}

// chainHash is the hash of a line that follows one with the hash prev.
func chainHash(prev, body string) string {
	sum := sha256.Sum256([]byte(prev + "\n" + body))
	return hex.EncodeToString(sum[:])
}

// canonical is a line as it is hashed and kept: JSON with sorted members, without spaces.
func canonical(e tracker.AuditEvent) (string, error) {
	plain, err := encode(e)
	if err != nil {
		return "", err
	}
	decoder := json.NewDecoder(strings.NewReader(plain))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil {
		return "", fmt.Errorf("decode a line of the audit: %w", err)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(members); err != nil {
		return "", fmt.Errorf("encode a line of the audit: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// lineAfter is the ID of a line that is written at now, behind the line with an ID.
func lineAfter(id string, now int64) string {
	ms, seq := splitLine(id)
	if now > ms {
		return fmt.Sprintf("%d-0", now)
	}
	return fmt.Sprintf("%d-%d", ms, seq+1)
}

// splitLine is the time (ms) of a line's ID, and its place among those of that time.
func splitLine(id string) (ms, seq int64) {
	before, after, _ := strings.Cut(id, "-")
	return num(before), num(after)
}

// auditHead is the line that the next one follows; "" is an ID that is not known.
type auditHead struct {
	hash, id string
	n        int64
}

// auditTurns let the writers of one process take turns, by owner, so that they do not
// overtake each other. Owners that share a turn wait for each other, and no more.
type auditTurns []*auditTurn

type auditTurn struct {
	taken chan struct{}
	owner string
	head  auditHead // as this process wrote it last
}

func newAuditTurns() auditTurns {
	turns := make(auditTurns, 64)
	for i := range turns {
		turns[i] = &auditTurn{taken: make(chan struct{}, 1)}
	}
	return turns
}

func (t auditTurns) of(owner string) *auditTurn {
	h := fnv.New32a()
	h.Write([]byte(owner))
	return t[int(h.Sum32()%uint32(len(t)))]
}
