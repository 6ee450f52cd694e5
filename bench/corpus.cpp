#include <bench/corpus.h>

#include <random>
#include <string>

namespace hl7flow::bench {
namespace {

// In a pattern, '#' is a random digit and '@' a word of 3 to 9 random letters.
struct Patterns {
  std::string_view head, observation, between, tail;
};

constexpr Patterns hl7{
    "MSH|^~\\&|@|@|@|@|2024071#1#2#3#||ORU^R01^ORU_R01|############|P|2.5.1\r"
    "PID|1||########^^^@^MR~#########^^^USSSA^SS||@^@^A^^^^L||19##071#|F||2106-3^White^HL70005|"
    "#### @ ST^^@^OH^#####^USA^H||^PRN^PH^^1^###^#######|||S||##########^^^@^AN|||||||||||N\r"
    "PV1|1|I|4W^###^#^@||||#######^@^@^^^DR|||MED|||||||||#########^^^@^VN"
    "|||||||||||||||||||||||||2024071#1#2#\r"
    "OBR|1|########|##########|#####-#^@ @^LN|||2024071#1#2#|||||||||#######^@^@||||||2024071#1#2#"
    "|||F\r",
    "OBX|1|NM|####-#^@ @^LN||##.#|@|#.#-##|N|||F|||2024071#1#2#3#\r", "", ""};

constexpr Patterns json{
    R"({"application":"@","facility":"@","receiver":"@","sent":"2024071#1#2#3#",)"
    R"("type":"ORU^R01","id":"############","version":"2.5.1","patient":{"number":"########",)"
    R"("authority":"@","social":"#########","family":"@","given":"@","born":"19##071#",)"
    R"("sex":"F","race":["2106-3","White"],"street":"#### @ ST","city":"@","state":"OH",)"
    R"("zip":"#####","phone":"#######"},"visit":{"class":"I","place":["4W","###","#","@"],)"
    R"("doctor":["#######","@","@"],"number":"#########"},"order":{"placer":"########",)"
    R"("filler":"##########","service":["#####-#","@ @"],"at":"2024071#1#2#"},"observations":[)",
    R"({"code":"####-#","name":"@ @","value":1#.#,"unit":"@","range":"#.#-##","flag":"N",)"
    R"("status":"F","at":"2024071#1#2#3#"})",
    ",", "]}\n"};

class Writer {
 public:
  void fill(std::string_view pattern, std::string& out) {
    for (char const c : pattern) {
      if (c == '#')
        out += static_cast<char>('0' + below(10));
      else if (c == '@')
        for (std::uint32_t rest = 3 + below(7); rest > 0; --rest)
          out += static_cast<char>('A' + below(26));
      else
        out += c;
    }
  }

  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(std::uint64_t{random_()} * bound >> 32);
  }

 private:
  std::mt19937 random_{1};
};

Corpus make(const Patterns& patterns, std::size_t block_size_max) {
  Corpus corpus;
  Writer writer;
  std::string record;
  while (corpus.bytes < corpus_size) {
    record.clear();
    writer.fill(patterns.head, record);
    std::uint32_t const observations = writer.below(12);
    for (std::uint32_t k = 0; k < observations; ++k) {
      if (k > 0) record += patterns.between;
      writer.fill(patterns.observation, record);
    }
    record += patterns.tail;
    if (corpus.blocks.empty() || corpus.blocks.back().size() + record.size() > block_size_max)
      corpus.blocks.emplace_back().reserve(block_size_max);
    corpus.blocks.back().append(record);
    corpus.bytes += record.size();
    corpus.records += 1;
    corpus.observations += observations;
  }
  return corpus;
}

}  // namespace

Corpus& hl7_corpus() {
  static Corpus corpus = make(hl7, block_size);
  return corpus;
}

Corpus& json_corpus() {
  static Corpus corpus = make(json, json_block_size);
  return corpus;
}

}  // namespace hl7flow::bench
