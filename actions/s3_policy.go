package actions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// words is what a policy spells as one string or as a list of them.
type words []string

func (w *words) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(w))
}

// statement is what a bucket's policy says, as far as it may deny something.
type statement struct {
	Effect       string
	Principal    json.RawMessage
	NotPrincipal json.RawMessage
	Action       words
	NotAction    words
	Condition    json.RawMessage
}

// deniedIn returns which of some actions a bucket's policy denies to everybody in the
// account, and which it may deny. What a statement says of resources is taken to be all
// that there is: a bucket of which a part cannot be deleted cannot be deleted.
func deniedIn(policy, account string, actions []string) (denied, maybe string, err error) {
	var document struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return "", "", err
	}
	var statements []statement
	if json.Unmarshal(document.Statement, &statements) != nil {
		var one statement
		if err := json.Unmarshal(document.Statement, &one); err != nil {
			return "", "", err
		}
		statements = []statement{one}
	}
	for _, s := range statements {
		i := slices.IndexFunc(actions, s.speaksOf)
		switch {
		case s.Effect != "Deny" || i < 0:
		case len(s.Condition) == 0 && s.toAll(account):
			return actions[i], "", nil
		default:
			maybe = actions[i]
		}
	}
	return "", maybe, nil
}

func (s statement) speaksOf(action string) bool {
	is := func(pattern string) bool { return matches(strings.ToLower(pattern), strings.ToLower(action)) }
	if len(s.NotAction) > 0 {
		return !slices.ContainsFunc(s.NotAction, is)
	}
	return slices.ContainsFunc(s.Action, is)
}

// toAll says that a statement is of everybody, or of everybody in the account.
func (s statement) toAll(account string) bool {
	var named map[string]words
	if json.Unmarshal(s.Principal, &named) != nil {
		return string(s.Principal) == `"*"`
	}
	return slices.ContainsFunc(named["AWS"], func(who string) bool {
		return who == "*" || account != "" && (who == account || strings.HasSuffix(who, fmt.Sprintf(":iam::%s:root", account)))
	})
}

// matches says that a text is as a pattern of IAM's, in which * stands for any text and
// ? for one character.
func matches(pattern, text string) bool {
	star, from := -1, 0 // the last star, and where what it stands for may end
	i := 0
	for j := 0; j < len(text); {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, from = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == text[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}
