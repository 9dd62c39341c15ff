package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish."`
}

// scripts ask the program itself what can follow, so that they do not age.
var scripts = map[string]string{
	"bash": `# source <(tracker completion bash)
_tracker() {
  mapfile -t COMPREPLY < <(tracker complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _tracker tracker
`,
	"zsh": `#compdef tracker
# source <(tracker completion zsh)
_tracker() {
  local -a found
  found=("${(@f)$(tracker complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $found
}
compdef _tracker tracker
`,
	"fish": `# tracker completion fish | source
complete -c tracker -f -a '(tracker complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}

func (c *completionCmd) Run(e *env) error {
	_, err := fmt.Fprint(e.stdout, scripts[c.Shell])
	return err
}

// completeCmd is what the scripts ask.
type completeCmd struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

func (c *completeCmd) Run(e *env, k *kong.Kong) error {
	words := c.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	for _, word := range following(k.Model.Node, words) {
		fmt.Fprintln(e.stdout, word)
	}
	return nil
}

// following are the words that can stand in place of the last one: verbs, flags, or the values of a flag.
func following(node *kong.Node, words []string) []string {
	last := ""
	if len(words) > 0 {
		last, words = words[len(words)-1], words[:len(words)-1]
	}
	var awaits *kong.Flag // its value
	for _, word := range words {
		if awaits != nil {
			awaits = nil
			continue
		}
		if strings.HasPrefix(word, "-") {
			awaits = flagCalled(node, word)
			continue
		}
		for _, child := range node.Children {
			if child.Name == word {
				node = child
				break
			}
		}
	}
	var all []string
	switch {
	case awaits != nil:
		all = awaits.EnumSlice()
	case strings.HasPrefix(last, "-"):
		for _, f := range flagsOf(node) {
			all = append(all, "--"+f.Name)
		}
	default:
		for _, child := range node.Children {
			if !child.Hidden {
				all = append(all, child.Name)
			}
		}
		for _, arg := range node.Positional {
			all = append(all, arg.EnumSlice()...)
		}
	}
	return slices.DeleteFunc(all, func(w string) bool { return w == "" || !strings.HasPrefix(w, last) })
}

// flagsOf are the flags that a verb takes.
func flagsOf(node *kong.Node) []*kong.Flag {
	var out []*kong.Flag
	for _, group := range node.AllFlags(true) {
		out = append(out, group...)
	}
	if node.DefaultCmd != nil {
		out = append(out, node.DefaultCmd.Flags...)
	}
	return out
}

// flagCalled is the flag of a word whose value is the next word.
func flagCalled(node *kong.Node, word string) *kong.Flag {
	if strings.Contains(word, "=") {
		return nil
	}
	for _, f := range flagsOf(node) {
		if "--"+f.Name == word || f.Short != 0 && "-"+string(f.Short) == word {
			if f.IsBool() {
				return nil
			}
			return f
		}
	}
	return nil
}
