// The pages that the program makes of its own command tree: completions and the manual.

#include <regex>

#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

class GeneratedPages : public ProgramTest {
 protected:
  /// "convert" and so on, as --help lists them.
  std::vector<std::string> verbs() const {
    std::vector<std::string> names;
    std::string const help = run("--help").out;
    std::size_t const list = help.find("Subcommands:");
    static const std::regex line("\n  ([a-z]+) ");
    for (std::sregex_iterator
             at(help.begin() + static_cast<std::ptrdiff_t>(list), help.end(), line),
         end;
         at != end; ++at)
      names.push_back((*at)[1]);
    return names;
  }
  std::vector<std::string> flags(const std::string& verb) const {
    std::vector<std::string> names;
    std::string const help = run(verb + " --help").out;
    std::string const options = help.substr(0, help.find("Examples:"));
    static const std::regex flag("(--[a-z][a-z-]+)");
    for (std::sregex_iterator at(options.begin(), options.end(), flag), end; at != end; ++at)
      names.push_back((*at)[1]);
    return names;
  }
  int shell(const std::string& command) const {
    return std::system(("cd '" + folder_.string() + "' && " + command).c_str());
  }
};

TEST_F(GeneratedPages, CompletionsNameEveryVerbAndFlag) {
  ASSERT_GE(verbs().size(), 9u);
  for (const char* const kind : {"bash", "zsh", "fish"}) {
    Outcome const page = run(std::string("completion ") + kind);
    ASSERT_EQ(page.exit, 0);
    for (std::string const& verb : verbs()) {
      EXPECT_NE(page.out.find(verb), std::string::npos) << kind << " " << verb;
      for (std::string const& flag : flags(verb)) {
        std::string const form = kind == std::string("fish") ? "-l " + flag.substr(2) : flag;
        EXPECT_NE(page.out.find(form), std::string::npos) << kind << " " << verb << " " << flag;
      }
    }
  }
}

TEST_F(GeneratedPages, BashTakesItsCompletion) {
  ASSERT_EQ(run("completion bash").exit, 0);
  ASSERT_EQ(shell("cp stdout.txt completion.bash && bash -n completion.bash"), 0);
  write("ask.sh",
        ". ./completion.bash\n"
        "COMP_WORDS=(hl7flow conv); COMP_CWORD=1; _hl7flow; echo \"${COMPREPLY[*]}\"\n"
        "COMP_WORDS=(hl7flow convert --res); COMP_CWORD=2; _hl7flow; echo \"${COMPREPLY[*]}\"\n"
        "COMP_WORDS=(hl7flow convert ask); COMP_CWORD=2; _hl7flow; echo \"${COMPREPLY[*]}\"\n");
  ASSERT_EQ(shell("bash ask.sh >answer.txt"), 0);
  EXPECT_EQ(read("answer.txt"), "convert\n--resume\nask.sh\n");
}

TEST_F(GeneratedPages, TheManualIsWholeAndRendersWithoutWarnings) {
  Outcome const page = run("man");
  ASSERT_EQ(page.exit, 0);
  for (std::string const& verb : verbs()) {
    EXPECT_NE(page.out.find(".SH " + verb), std::string::npos) << verb;
    for (std::string const& flag : flags(verb))
      EXPECT_NE(page.out.find(std::regex_replace(flag, std::regex("-"), "\\-")), std::string::npos)
          << verb << " " << flag;
  }
  if (shell("command -v groff >groff.txt") != 0) GTEST_SKIP() << "groff is not installed";
  ASSERT_EQ(run("man").exit, 0);
  ASSERT_EQ(shell("groff -man -Tutf8 -Kutf8 -ww -z stdout.txt 2>warnings.txt"), 0);
  EXPECT_EQ(read("warnings.txt"), "");
}

}  // namespace
}  // namespace hl7flow::testing
