// The words of laboratories: what they abbreviate, and what their names leave out.

#include <algorithm>
#include <array>
#include <utility>

#include <hl7flow/parsers/codes/suggester.h>

namespace hl7flow::codes {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Abbreviations and other words for the same, sorted by the first.
constexpr Pair written_out[] = {
    {"a1c", "hemoglobin a1c"},
    {"ab", "antibody"},
    {"abs", "count"},
    {"absolute", "count"},
    {"ag", "antigen"},
    {"alk", "alkaline"},
    {"alp", "alkaline phosphatase"},
    {"alt", "alanine aminotransferase"},
    {"anc", "neutrophils count"},
    {"aptt", "activated partial thromboplastin time"},
    {"ast", "aspartate aminotransferase"},
    {"auto", "automated"},
    {"baso", "basophils"},
    {"bicarb", "bicarbonate"},
    {"bili", "bilirubin"},
    {"bld", "blood"},
    {"bnp", "natriuretic peptide b"},
    {"bp", "blood pressure"},
    {"bun", "urea nitrogen"},
    {"ca", "calcium"},
    {"cbc", "blood count panel"},
    {"chol", "cholesterol"},
    {"ck", "creatine kinase"},
    {"cl", "chloride"},
    {"co2", "carbon dioxide"},
    {"cpk", "creatine kinase"},
    {"cr", "creatinine"},
    {"creat", "creatinine"},
    {"crp", "c reactive protein"},
    {"cult", "culture"},
    {"dbili", "bilirubin direct"},
    {"diff", "differential"},
    {"dir", "direct"},
    {"eos", "eosinophils"},
    {"esr", "erythrocyte sedimentation rate"},
    {"fe", "iron"},
    {"gfr", "glomerular filtration rate"},
    {"egfr", "glomerular filtration rate"},
    {"ggt", "gamma glutamyl transferase"},
    {"glu", "glucose"},
    {"gluc", "glucose"},
    {"haemoglobin", "hemoglobin"},
    {"hb", "hemoglobin"},
    {"hba1c", "hemoglobin a1c"},
    {"hct", "hematocrit"},
    {"hdl", "cholesterol hdl"},
    {"hgb", "hemoglobin"},
    {"inr", "inr"},
    {"ldh", "lactate dehydrogenase"},
    {"ldl", "cholesterol ldl"},
    {"leuk", "leukocytes"},
    {"leukocyte", "leukocytes"},
    {"lymph", "lymphocytes"},
    {"lymphs", "lymphocytes"},
    {"mch", "mean corpuscular hemoglobin"},
    {"mchc", "mean corpuscular hemoglobin concentration"},
    {"mcv", "mean corpuscular volume"},
    {"mg", "magnesium"},
    {"mono", "monocytes"},
    {"monos", "monocytes"},
    {"mpv", "mean platelet volume"},
    {"na", "sodium"},
    {"neut", "neutrophils"},
    {"neutro", "neutrophils"},
    {"neutros", "neutrophils"},
    {"pct", "share"},
    {"percent", "share"},
    {"phos", "phosphate"},
    {"plas", "plasma"},
    {"plat", "platelets"},
    {"platelet", "platelets"},
    {"plt", "platelets"},
    {"pot", "potassium"},
    {"prot", "protein"},
    {"pt", "prothrombin time"},
    {"ptt", "partial thromboplastin time"},
    {"qn", "quantitative"},
    {"ql", "presence"},
    {"qual", "presence"},
    {"rbc", "erythrocytes"},
    {"rdw", "erythrocyte distribution width"},
    {"sat", "saturation"},
    {"ser", "serum"},
    {"sgot", "aspartate aminotransferase"},
    {"sgpt", "alanine aminotransferase"},
    {"sod", "sodium"},
    {"tbil", "bilirubin total"},
    {"temp", "temperature"},
    {"tot", "total"},
    {"trig", "triglyceride"},
    {"triglycerides", "triglyceride"},
    {"trop", "troponin"},
    {"tsh", "thyrotropin"},
    {"ua", "urine"},
    {"csf", "cerebral spinal fluid"},
    {"urinalysis", "urine"},
    {"ur", "urine"},
    {"urn", "urine"},
    {"wbc", "leukocytes"},
    {"wt", "weight"},
};

/// Words that say nothing of which test it is.
constexpr std::string_view empty_words[] = {
    "a",   "an",    "and",  "as",  "at",    "by",  "for", "from",   "in",
    "lab", "level", "of",   "on",  "or",    "per", "poc", "result", "test",
    "the", "using", "with", "nos", "other", "s",   "p",   "b"};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

void add_word(std::string_view word, std::vector<std::string>& out) {
  if (word.empty() ||
      std::find(std::begin(empty_words), std::end(empty_words), word) != std::end(empty_words))
    return;
  for (Pair const& row : written_out) {
    if (row.first != word) continue;
    std::string_view rest = row.second;
    while (!rest.empty()) {
      std::size_t const end = std::min(rest.find(' '), rest.size());
      out.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return;
  }
  out.emplace_back(word);
}

}  // namespace

std::vector<std::string> normal_words(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  auto const flush = [&] {
    add_word(word, words);
    word.clear();
  };
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c == '%') {
      flush();
      words.emplace_back("share");
    } else if (c == '#') {
      flush();
      words.emplace_back("count");
    } else if (is_word_character(c)) {
      word += c;
    } else {
      flush();
    }
  }
  flush();
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace hl7flow::codes
