#include <hl7flow/adapters/cli/codes/coded_stream.h>

#include <hl7flow/pipeline/catalogue.h>

namespace hl7flow::cli {
namespace {

class Visitor final : public Stage {
 public:
  explicit Visitor(const std::function<void(const SeenCode&)>& visit) : visit_(visit) {}
  std::string_view name() const noexcept override { return "visit"; }
  Order order() const noexcept override { return Order::arrival; }

  Status process(Batch& batch) override {
    std::size_t message = 0;
    for (CodedValue const& found : batch.coded.all()) {
      auto const entry = [&]() -> MessageEntry const& { return batch.index.messages[message]; };
      while (found.segment >= entry().first_segment + entry().segment_count) ++message;
      MessageView const view = batch.message(message);
      SegmentView const segment = view.segment(found.segment - entry().first_segment);
      FieldView const field = segment.field(found.field);
      visit_({view, segment,
              found.repetition == 1 ? first(field) : field.repetition(found.repetition), found,
              batch.coded.codes->store()});
    }
    return {};
  }

 private:
  static FieldView first(const FieldView& field) {
    return field.repetition_count() > 1 ? field.repetition(1) : field;
  }
  const std::function<void(const SeenCode&)>& visit_;
};

}  // namespace

std::string SeenCode::path() const {
  return std::string(segment.id()) + "-" + std::to_string(found.field);
}

std::string_view SeenCode::component(std::size_t number) const {
  bool const has_first = value.component(1).has_text() || value.component(2).has_text();
  return value.component(has_first ? number : number + 3).raw();
}

Exit visit_codes(const ReadRequest& request, const std::string& store,
                 const std::function<void(const SeenCode&)>& visit) {
  auto pipeline = reading_pipeline(request);
  if (!pipeline) return complain(pipeline.error());
  pipeline->through(make_stage("map_codes", {{"store", store}}));
  pipeline->through(std::make_unique<Visitor>(visit));
  RunReport report;
  if (Exit const exit = run_reading(*pipeline, request, report); exit != Exit::ok) return exit;
  return check_is_hl7(report);
}

}  // namespace hl7flow::cli
