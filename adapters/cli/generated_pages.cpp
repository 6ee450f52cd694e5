#include <hl7flow/adapters/cli/generated_pages.h>

#include <iostream>

namespace hl7flow::cli {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '\\' || c == '-') out += '\\';
    if (c == '.' && (out.empty() || out.back() == '\n')) out += "\\&";
    out += c;
  }
  return out;
}

std::string flags_of(const CLI::App& command) {
  std::string flags;
  for (const CLI::Option* option : command.get_options())
    for (std::string const& name : option->get_lnames()) flags += " --" + name;
  return flags;
}

/// Names of the verbs that a verb has, and all their flags.
std::string words_of(const CLI::App& command) {
  std::string words = flags_of(command);
  for (const CLI::App* part : command.get_subcommands({}))
    words += " " + part->get_name() + flags_of(*part);
  return words;
}

std::string bash_completion(const CLI::App& app) {
  std::string verbs, cases, nested;
  for (const CLI::App* command : app.get_subcommands({})) {
    verbs += " " + command->get_name();
    cases += "    " + command->get_name() + ") words=\"" + words_of(*command) + "\" ;;\n";
    std::string parts;
    for (const CLI::App* part : command->get_subcommands({})) parts += " " + part->get_name();
    if (!parts.empty())
      nested +=
          "  if [ \"$COMP_CWORD\" -eq 2 ] && [ \"${COMP_WORDS[1]}\" = " + command->get_name() +
          " ]; then\n    COMPREPLY=($(compgen -W \"" + parts + "\" -- \"$current\")); return; fi\n";
  }
  return "_hl7flow() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\"\n"
         "  case \"${COMP_WORDS[1]}\" in\n" +
         cases +
         "  esac\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"" +
         verbs + " --help --version\"; fi\n" + nested +
         "  case \"$current\" in\n"
         "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$current\")) ;;\n"
         "    *) if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \"$words\" -- "
         "\"$current\"));\n"
         "       else COMPREPLY=($(compgen -f -- \"$current\")); fi ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _hl7flow hl7flow\n";
}

std::string zsh_completion(const CLI::App& app) {
  return "#compdef hl7flow\nautoload -U +X bashcompinit && bashcompinit\n" + bash_completion(app);
}

std::string fish_completion(const CLI::App& app) {
  std::string out;
  for (const CLI::App* command : app.get_subcommands({})) {
    out += "complete -c hl7flow -n __fish_use_subcommand -f -a " + command->get_name() + " -d '" +
           command->get_description() + "'\n";
    for (const CLI::Option* option : command->get_options())
      for (std::string const& name : option->get_lnames())
        out += "complete -c hl7flow -n '__fish_seen_subcommand_from " + command->get_name() +
               "' -l " + name + "\n";
  }
  return out;
}

void add_man_section(std::string& out, const CLI::App& command, const std::string& name) {
  out += ".SH " + escaped(name) + "\n" + escaped(command.get_description()) + "\n";
  for (const CLI::Option* option : command.get_options())
    out += ".TP\n.B " + escaped(option->get_name(true, true)) + "\n" +
           escaped(option->get_description()) + "\n";
  std::string const footer = command.get_footer();
  if (!footer.empty()) out += ".nf\n" + escaped(footer) + "\n.fi\n";
  for (const CLI::App* part : command.get_subcommands({}))
    add_man_section(out, *part, name + " " + part->get_name());
}

std::string man_page(const CLI::App& app) {
  std::string out = ".TH HL7FLOW 1 \"\" \"hl7flow " HL7FLOW_VERSION "\"\n.SH NAME\nhl7flow \\- ";
  out += escaped(app.get_description()) + "\n.SH SYNOPSIS\n.B hl7flow\n.I verb\n[options]\n";
  for (const CLI::App* command : app.get_subcommands({}))
    add_man_section(out, *command, command->get_name());
  return out;
}

}  // namespace

void add_generated_pages(CLI::App& app, std::function<Exit()>& chosen) {
  CLI::App* const completion =
      app.add_subcommand("completion", "Print a shell completion script (bash, zsh, fish)");
  auto const shell = std::make_shared<std::string>("bash");
  completion->add_option("shell", *shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer(
      "\nExamples:\n  # completion for this session\n  source <(hl7flow completion bash)\n");
  completion->callback([&app, &chosen, shell] {
    chosen = [&app, shell] {
      std::cout << (*shell == "bash"  ? bash_completion(app)
                    : *shell == "zsh" ? zsh_completion(app)
                                      : fish_completion(app));
      return Exit::ok;
    };
  });
  CLI::App* const man = app.add_subcommand("man", "Print the man page");
  man->footer("\nExamples:\n  # read it\n  hl7flow man | man -l -\n");
  man->callback([&app, &chosen] {
    chosen = [&app] {
      std::cout << man_page(app);
      return Exit::ok;
    };
  });
}

}  // namespace hl7flow::cli
