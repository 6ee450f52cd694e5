// hl7flow query: grep for fields. A parallel stage writes each batch's lines into the batch, and
// the sink prints them in the order of reading.

#include <algorithm>
#include <iostream>

#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>
#include <hl7flow/parsers/escape.h>
#include <hl7flow/pipeline/condition.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow query PID-3.1 PID-5.1 day.hl7", "who is in there"},
    {"hl7flow query 'OBX(*)-3.1' 'OBX(*)-5' --where MSH-9.1=ORU day.hl7",
     "all results, a line for each OBX"},
    {"hl7flow query --values-only MSH-9 day.hl7 | sort | uniq -c", "count message types"},
    {"hl7flow query --count PID-8 --where 'PID-8 not in F,M' day.hl7", "how many are neither"},
};

struct QueryRequest {
  ReadRequest read;
  std::vector<std::string> arguments;  // paths, then files
  std::vector<std::string> where;
  bool count = false, decode = false, json = false, header = false;
  bool values_only = false, all = false;
};

struct Query {
  std::vector<std::string> names;  // of the paths, as given
  std::vector<Path> paths;
  std::vector<Condition> where;
  std::uint32_t each = 0;  // the segment of the paths with (*): a line for each; 0: one a message
  bool decode = false, json = false, values_only = false, all = false;
};

/// Calls visit(FieldView) for each value of the path: several where its repetition is (*).
/// `row` is the segment that the line is for.
template <class Visit>
void visit_values(const Path& path, const MessageView& message,
                  const std::optional<SegmentView>& row, Visit&& visit) {
  auto const segment =
      path.occurrence == Path::all ? row : message.find(path.segment, path.occurrence);
  if (!segment) return;
  if (path.repetition != Path::all || path.has_match()) return visit(resolve(*segment, path));
  FieldView const field = segment->field(path.field);
  std::string_view rest = field.raw();
  while (!rest.empty()) {
    std::size_t const cut = std::min(rest.find(field.delimiters().repetition), rest.size());
    visit(resolve_component({rest.substr(0, cut), field.delimiters()}, path));
    rest.remove_prefix(std::min(cut + 1, rest.size()));
  }
}

/// Writes the lines of one batch.
class Lines {
 public:
  Lines(const Query& query, Batch& batch) : query_(query), batch_(batch) {}

  /// How many lines the message got.
  std::size_t add(std::size_t ordinal) {
    MessageView const message = batch_.message(ordinal);
    if (query_.each == 0) return add_line(message, ordinal, std::nullopt, 0) ? 1 : 0;
    std::size_t lines = 0, occurrence = 0;
    for (std::size_t k = 0; k < message.segment_count(); ++k) {
      SegmentView const segment = message.segment(k);
      if (segment.packed_id() != query_.each) continue;
      lines += add_line(message, ordinal, segment, ++occurrence) ? 1 : 0;
    }
    return lines;
  }

 private:
  bool add_line(const MessageView& message, std::size_t ordinal,
                const std::optional<SegmentView>& row, std::size_t occurrence) {
    line_.clear();
    std::uint64_t const number = batch_.messages_before + ordinal + 1;
    std::string_view const control_id = message.segment(0).field(10).raw();
    bool const any = query_.json ? add_json(message, number, control_id, row, occurrence)
                                 : add_tabbed(message, number, control_id, row);
    if (any || query_.all) batch_.side_text.append(line_);
    return any || query_.all;
  }

  bool add_tabbed(const MessageView& message, std::uint64_t number, std::string_view control_id,
                  const std::optional<SegmentView>& row) {
    if (!query_.values_only) {
      append_cell(batch_.input_name);
      line_ += '\t';
      line_ += std::to_string(number);
      line_ += '\t';
      append_cell(control_id);
      line_ += '\t';
    }
    bool any = false;
    for (std::size_t k = 0; k < query_.paths.size(); ++k) {
      if (k > 0) line_ += '\t';
      bool first = true;
      visit_values(query_.paths[k], message, row, [&](const FieldView& value) {
        if (!first) line_ += message.delimiters().repetition;
        first = false;
        any = any || value.has_text();
        append_cell(text_of(value, message));
      });
    }
    line_ += '\n';
    return any;
  }

  bool add_json(const MessageView& message, std::uint64_t number, std::string_view control_id,
                const std::optional<SegmentView>& row, std::size_t occurrence) {
    JsonObject json;
    if (!query_.values_only)
      json.add("file", batch_.input_name).add("message", number).add("control_id", control_id);
    if (occurrence != 0) json.add("occurrence", std::uint64_t{occurrence});
    bool any = false;
    for (std::size_t k = 0; k < query_.paths.size(); ++k) {
      std::string list;
      bool const several = query_.paths[k].repetition == Path::all && !query_.paths[k].has_match();
      visit_values(query_.paths[k], message, row, [&](const FieldView& value) {
        any = any || value.has_text();
        if (!list.empty()) list += ',';
        append_json_string(list, text_of(value, message));
      });
      if (several)
        json.add_json(query_.names[k], "[" + list + "]");
      else
        json.add_json(query_.names[k], list.empty() ? "\"\"" : list);
    }
    line_ += json.text();
    line_ += '\n';
    return any;
  }

  std::string_view text_of(const FieldView& value, const MessageView& message) {
    if (!query_.decode) return value.raw();
    auto const text = unescape(value.raw(), value.delimiters(), message.entry().charset,
                               EscapePolicy::decode, scratch_);
    return text.value_or(value.raw());
  }

  /// Tabs and line breaks would break the table: they become \t, \n and \r.
  void append_cell(std::string_view text) {
    for (;;) {
      std::size_t const at = text.find_first_of("\t\n\r");
      line_.append(text.substr(0, at));
      if (at == std::string_view::npos) return;
      line_ += text[at] == '\t' ? "\\t" : text[at] == '\n' ? "\\n" : "\\r";
      text.remove_prefix(at + 1);
    }
  }

  const Query& query_;
  Batch& batch_;
  std::string line_;
  Buffer<char> scratch_;
};

class QueryStage final : public Stage {
 public:
  explicit QueryStage(const Query& query) : query_(query) {}
  std::string_view name() const noexcept override { return "query"; }
  Status process(Batch& batch) override {
    batch.side_text.clear();
    Lines lines(query_, batch);
    for (std::size_t k = 0; k < batch.message_count(); ++k)
      if (batch.is_accepted(k) && (!holds(query_.where, batch.message(k)) || lines.add(k) == 0))
        batch.filter(k);
    return {};
  }

 private:
  const Query& query_;
};

class PrintSink final : public Sink {
 public:
  PrintSink(bool silent, std::uint64_t& lines) : silent_(silent), lines_(lines) {}
  std::string_view name() const noexcept override { return "print"; }
  Status write(const Batch& batch, Executor&) override {
    std::string_view const text = batch.side_text.view();
    lines_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    return silent_ ? Status{} : print(text);
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    return std::vector<OutputFile>{};
  }

 private:
  bool const silent_;
  std::uint64_t& lines_;
};

/// The leading arguments that are paths; the rest are files.
Status read_paths(const QueryRequest& request, Query& query, std::vector<std::string>& files) {
  std::size_t k = 0;
  for (; k < request.arguments.size(); ++k) {
    auto const path = Path::parse(request.arguments[k]);
    if (!path) break;
    query.names.push_back(request.arguments[k]);
    query.paths.push_back(*path);
    if (path->occurrence != Path::all) continue;
    if (query.each != 0 && query.each != path->segment)
      return fail(ErrorCode::usage,
                  "paths with (*) make a line for each segment, so they must all "
                  "name the same one: " +
                      request.arguments[k]);
    query.each = path->segment;
  }
  if (query.paths.empty()) {
    auto const path = read_path(request.arguments.front(), {});
    return fail(ErrorCode::bad_path, path.error().text + " (paths come before files: PID-5.1)");
  }
  files.assign(request.arguments.begin() + static_cast<std::ptrdiff_t>(k), request.arguments.end());
  return {};
}

std::string header_line(const Query& query) {
  std::string line = query.values_only ? "" : "file\tmessage\tMSH-10\t";
  for (std::size_t k = 0; k < query.names.size(); ++k) line += (k > 0 ? "\t" : "") + query.names[k];
  return line + "\n";
}

Exit run(QueryRequest& request) {
  Query query;
  if (auto ok = read_paths(request, query, request.read.inputs); !ok) return complain(ok.error());
  query.decode = request.decode;
  query.json = request.json;
  query.values_only = request.values_only;
  query.all = request.all;
  for (std::string const& text : request.where) {
    auto condition = parse_condition(text, {});
    if (!condition) return complain({ErrorCode::bad_path, "--where: " + condition.error().text});
    query.where.push_back(std::move(*condition));
  }
  auto pipeline = reading_pipeline(request.read);
  if (!pipeline) return complain(pipeline.error());
  std::uint64_t lines = 0;
  if (!query.values_only && !request.count) pipeline->through(message_numbers());
  pipeline->through(std::make_unique<QueryStage>(query))
      .into(std::make_unique<PrintSink>(request.count, lines));
  if (request.header && !request.json && !request.count)
    if (auto ok = print(header_line(query)); !ok) return complain(ok.error());
  RunReport report;
  if (Exit const exit = run_reading(*pipeline, request.read, report); exit != Exit::ok) return exit;
  if (Exit const exit = check_is_hl7(report); exit != Exit::ok) return exit;
  if (request.count)
    if (auto ok = print(std::to_string(lines) + "\n"); !ok) return complain(ok.error());
  if (report.account.rejected > 0)
    std::cerr << "hl7flow: " << report.account.rejected
              << " messages were rejected and not searched (hl7flow inspect shows why)\n";
  return lines > 0 ? Exit::ok : Exit::no;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<QueryRequest>();
  command
      .add_option("paths-files", request->arguments,
                  "Paths such as PID-3.1, PID-3(*).1, OBX(*)-5 or PID-3[5=MR].1, then files; "
                  "without files, or with -, standard input")
      ->required();
  command
      .add_option("-w,--where", request->where,
                  "Only messages for which this holds: PID-8=F, \"MSH-9.1 in ADT,ORU\", "
                  "\"OBX(*)-8 not in N\"; several: all must")
      ->allow_extra_args(false);
  command.add_flag("-c,--count", request->count, "Print only the number of lines");
  command.add_flag("-d,--decode", request->decode, "Decode escape sequences");
  command.add_flag("--json", request->json, "One JSON object a line instead of tab-separated text");
  command.add_flag("--header", request->header, "Begin with a line of column names");
  command.add_flag("--values-only", request->values_only,
                   "Without file, message number and control id");
  command.add_flag("-a,--all", request->all, "Also lines in which all values are empty");
  add_reading_options(command, request->read, true);
  return [request] { return run(*request); };
}

}  // namespace

const Verb query_verb{"query", "Print fields of messages, like grep", examples, setup};

}  // namespace hl7flow::cli
