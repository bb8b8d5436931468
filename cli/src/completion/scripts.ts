// The scripts of `agentphone completion bash|zsh|fish`: they get the candidates from `agentphone __complete`.

import { usage } from "../failure.js";

const SCRIPTS: Record<string, string> = {
  bash: `# agentphone completion bash > ~/.local/share/bash-completion/completions/agentphone
_agentphone() {
  local IFS=$'\\n'
  COMPREPLY=($(agentphone __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _agentphone agentphone
`,
  zsh: `#compdef agentphone
# agentphone completion zsh > a folder of $fpath, as _agentphone
_agentphone() {
  local -a found
  found=("\${(@f)$(agentphone __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then _describe agentphone found; else _files; fi
}
compdef _agentphone agentphone
`,
  fish: `# agentphone completion fish > ~/.config/fish/completions/agentphone.fish
function __agentphone_complete
  set -l words (commandline -opc) (commandline -ct)
  agentphone __complete fish -- $words[2..-1] 2>/dev/null
end
complete -c agentphone -a '(__agentphone_complete)'
`,
};

/** The script of a shell. */
export const completionScript = (shell: string): string => {
  const script = SCRIPTS[shell];
  if (script === undefined) throw usage(`completion does not support ${shell}`, "use bash, zsh or fish");
  return script;
};
