package simulator

import "math/bits"

// mix is a bijection of 64 bits that leaves no pattern: the finalizer of
// SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// unmix is the inverse of mix.
func unmix(x uint64) uint64 {
	x ^= x>>31 ^ x>>62
	x *= 0x319642b2d24d8ec3
	x ^= x>>27 ^ x>>54
	x *= 0x96de1b173f119089
	return x ^ x>>30 ^ x>>60
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// dice is a source of numbers that are always the same for one resource and one
// purpose.
type dice uint64

func (e *estate) dice(k kind, n int, purpose uint64) dice {
	return dice(mix(e.keys[k]+purpose) ^ mix(uint64(n)))
}

func (d *dice) draw() uint64 {
	*d += 0x9e3779b97f4a7c15
	return mix(uint64(*d))
}

// below returns a number in [0, n).
func (d *dice) below(n int) int {
	hi, _ := bits.Mul64(d.draw(), uint64(n))
	return int(hi)
}

func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }
