// A user of the parsers alone.

#include <cstdio>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/parsers/path.h>

int main() {
  using namespace hl7flow;
  using namespace hl7flow::literals;
  TextBuffer text;
  text.append("MSH|^~\\&|LAB|HOSP|||20240301||ORU^R01|1|P|2.5.1\rPID|1||111^^^HOSP^MR||Doe^Jane\r");
  Er7Index index;
  index_er7(text, {}, index);
  if (index.messages.size() != 1) return 1;
  MessageView const message(text.data(), index, 0);
  std::string_view const family = message.at("PID-5.1"_path).raw();
  std::printf("%.*s\n", static_cast<int>(family.size()), family.data());
  return family == "Doe" ? 0 : 1;
}
