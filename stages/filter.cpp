// filter: keeps the messages for which all conditions hold. The others are counted as filtered.

#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/condition.h>

namespace hl7flow::stages {

namespace {

class Filter final : public Stage {
 public:
  struct Options {
    ConfigNode where;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::where>{"where",
                                 "Conditions, all of which must hold: \"PID-8=F\", \"MSH-9.1 in "
                                 "ADT, ORU\", \"OBX(*)-8 != N\", "
                                 "or a path alone, which must have text."}};

  static Result<std::unique_ptr<Stage>, Failure> make(const Options& chosen) {
    std::vector<Condition> conditions;
    if (chosen.where.kind == ConfigNode::Kind::empty)
      return fail(ErrorCode::bad_option, "filter needs conditions: where");
    if (auto ok = read_conditions(chosen.where, conditions); !ok)
      return tl::unexpected<Failure>(ok.error());
    return std::unique_ptr<Stage>(std::make_unique<Filter>(std::move(conditions)));
  }

  explicit Filter(std::vector<Condition> conditions) : conditions_(std::move(conditions)) {}

  std::string_view name() const noexcept override { return "filter"; }

  Status process(Batch& batch) override {
    for (std::size_t k = 0; k < batch.message_count(); ++k)
      if (batch.is_accepted(k) && !holds(conditions_, batch.message(k))) batch.filter(k);
    return {};
  }

 private:
  std::vector<Condition> const conditions_;
};

}  // namespace

extern constinit const Component filter =
    component<Filter>("filter", "Keeps the messages that match all conditions.");

}  // namespace hl7flow::stages
