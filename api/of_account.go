package api

import "strings"

// OfAccount narrows a list to what is about one account.
type OfAccount struct {
	AccountID string `query:"account_id" maxLength:"12" pattern:"^(\\d{12})?$" doc:"Only what is about this account, and what cannot be told of, which says account_unknown. A page may then have fewer than limit, or none, with a next_cursor to go on"`
}

// cursorOf is the cursor of a list that a query narrows: a place in the list of one account
// is none in that of another.
func cursorOf(place string, query ...string) string {
	if of := queryMark(query); place != "" && of != "" {
		return place + "~" + of
	}
	return place
}

// placeIn returns the place in a list that a cursor of the same query is.
func placeIn(cursor string, query ...string) (place string, err error) {
	place, of, _ := strings.Cut(cursor, "~")
	if cursor != "" && of != queryMark(query) {
		return "", invalid(FieldError{"query.cursor", "not a cursor of a listing with this query"})
	}
	return place, nil
}

// queryMark tells queries apart; that of all is empty.
func queryMark(query []string) string {
	text := strings.Join(query, ",")
	if strings.Trim(text, ",") == "" {
		return ""
	}
	return queryDigest(text)
}
