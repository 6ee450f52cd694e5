// People of HL7 messages: the columns of the table `patients`, from PID.

#include <map>
#include <set>

#include <hl7flow/adapters/cli/match/people_builder.h>
#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/parsers/escape.h>
#include <hl7flow/pipeline/condition.h>

namespace hl7flow::cli {
namespace {

struct Field {
  std::string_view column;
  std::vector<std::string_view> paths;  // the first that has text counts; may be joined
};

// Names and paths are those of stages/tabulate/default_tables.toml, so that a list is the same
// whether it is read here or converted first.
const std::vector<Field>& fields() {
  static const std::vector<Field> all = {
      {"family_name", {"PID-5.1.1"}},
      {"given_name", {"PID-5.2"}},
      {"name_suffix", {"PID-5.4"}},
      {"birth_date", {"PID-7"}},
      {"sex", {"PID-8.1"}},
      {"street", {"PID-11.1.1"}},
      {"other_designation", {"PID-11.2"}},
      {"city", {"PID-11.3"}},
      {"state", {"PID-11.4"}},
      {"postal_code", {"PID-11.5"}},
      {"phone", {"PID-13.1", "PID-13.12", "PID-13.6 + PID-13.7"}},
      {"email", {"PID-13[2=NET].4", "PID-13.4"}},
      {"social_security_number", {"PID-3[5=SS].1", "PID-19"}}};
  return all;
}

constexpr std::string_view id_paths[] = {"PID-3[5=MR].", "PID-3[5=PI].", "PID-3.", "PID-2."};

using JoinedPaths = std::vector<Path>;

JoinedPaths paths_of(std::string_view text) { return *read_joined_paths(text, {}); }

/// Gathers the patients of messages, in the order of reading.
class PatientSink final : public Sink {
 public:
  explicit PatientSink(PeopleBuilder& builder) : builder_(builder) {
    for (Field const& field : fields())
      for (auto& paths = paths_.emplace_back(); std::string_view const text : field.paths)
        paths.push_back(paths_of(text));
    for (std::string_view const text : id_paths)
      id_paths_.emplace_back(paths_of(std::string(text) + "1"),
                             paths_of(std::string(text) + "4.1"));
  }

  std::string_view name() const noexcept override { return "patients"; }
  Status write(const Batch& batch, Executor&) override {
    for (std::size_t k = 0; k < batch.message_count(); ++k)
      if (batch.is_accepted(k)) read(batch.message(k));
    return {};
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    return std::vector<OutputFile>{};
  }
  std::uint64_t without_patient() const noexcept { return without_patient_; }
  std::uint64_t repeated() const noexcept { return repeated_; }

 private:
  /// A merge or a link has several patients.
  void read(const MessageView& message) {
    std::uint32_t count = 0;
    while (auto const pid = message.find(pid_, count + 1)) {
      ++count;
      read(*pid, message);
    }
    without_patient_ += count == 0 ? 1 : 0;
  }

  void read(const SegmentView& pid, const MessageView& message) {
    std::vector<std::string> values{id_of(pid, message)};
    for (auto const& paths : paths_) values.push_back(first_of(pid, paths, message));
    if (!seen_.insert(values).second) {
      ++repeated_;
      return;
    }
    // A patient whose values changed has a record for each version.
    if (std::uint64_t const version = ++versions_[values.front()];
        version > 1 && !values.front().empty())
      values.front() += "#" + std::to_string(version);
    builder_.add({values.begin(), values.end()});
  }

  /// "12345@HOSPITAL": numbers of two authorities are of two persons.
  std::string id_of(const SegmentView& pid, const MessageView& message) {
    for (auto const& [number, authority] : id_paths_) {
      std::string id = first_of(pid, {number}, message);
      if (id.empty()) continue;
      std::string const issuer = first_of(pid, {authority}, message);
      if (!issuer.empty()) id.append("@").append(issuer);
      return id;
    }
    return {};
  }

  std::string first_of(const SegmentView& pid, const std::vector<JoinedPaths>& paths,
                       const MessageView& message) {
    std::string text;
    for (auto joined = paths.begin(); joined != paths.end() && text.empty(); ++joined)
      for (Path const& path : *joined) text += text_of(resolve(pid, path), message);
    return text;
  }

  std::string_view text_of(const FieldView& value, const MessageView& message) {
    if (!value.has_text()) return {};
    return unescape(value.raw(), value.delimiters(), message.entry().charset, EscapePolicy::decode,
                    scratch_)
        .value_or(value.raw());
  }

  PeopleBuilder& builder_;
  std::uint32_t const pid_ = paths_of("PID-1").front().segment;
  std::vector<std::vector<JoinedPaths>> paths_;
  std::vector<std::pair<JoinedPaths, JoinedPaths>> id_paths_;
  std::set<std::vector<std::string>> seen_;
  std::map<std::string, std::uint64_t> versions_;
  std::uint64_t without_patient_ = 0, repeated_ = 0;
  Buffer<char> scratch_;
};

}  // namespace

Status read_hl7_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder) {
  std::vector<std::string> columns{"record_id"};
  for (Field const& field : fields()) columns.emplace_back(field.column);
  if (auto begun = builder.begin(path, source, columns); !begun) return begun;
  ReadRequest request;
  request.inputs = {path};
  auto pipeline = reading_pipeline(request);
  if (!pipeline) return tl::unexpected<Failure>(pipeline.error());
  auto made = std::make_unique<PatientSink>(builder);
  PatientSink const& sink = *made;
  pipeline->into(std::move(made));
  auto const report = pipeline->run();
  if (!report) return tl::unexpected<Failure>(report.error());
  if (is_not_hl7(report->account)) return fail(ErrorCode::not_hl7, path + " holds no HL7 message");
  auto const note = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) builder.note(path + ": " + grouped(count) + " messages " + std::string(what));
  };
  note(report->account.rejected, "were rejected (hl7flow inspect shows why)");
  note(sink.without_patient(), "without a patient (PID)");
  if (sink.repeated() > 0)
    builder.note(path + ": " + grouped(sink.repeated()) +
                 " patients of messages are as others said already");
  return {};
}

}  // namespace hl7flow::cli
