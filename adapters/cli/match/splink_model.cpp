#include <hl7flow/adapters/cli/match/model_json.h>

namespace hl7flow::cli {

Result<linkage::LinkageModel, Failure> read_splink_model(const std::string& path,
                                                         simdjson::dom::object, const People&) {
  return bad_model(path, "settings of Splink are not read yet");
}

}  // namespace hl7flow::cli
