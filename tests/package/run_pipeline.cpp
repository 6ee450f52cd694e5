// A user of the whole library: stages and sinks by name, and one of the user's own.

#include <cstdio>
#include <fstream>

#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/pipeline/pipeline.h>

int main() {
  using namespace hl7flow;
  using namespace hl7flow::literals;
  std::ofstream("day.hl7", std::ios::binary)
      << "MSH|^~\\&|ADM|HOSP|||20240301120005||ADT^A01|1|P|2.5.1\rPID|1||111\r"
         "MSH|^~\\&|ADM|HOSP|||20240301120105||ADT^A03|2|P|2.5.1\rPID|1||222\r";
  Pipeline pipeline;
  pipeline.from(make_source("files", {{"path", "day.hl7"}}))
      .through(make_stage("parse"))
      .through([](Message& message) {
        if (message.at("MSH-9.2"_path).raw() == "A03") message.filter();
      })
      .through(make_stage("tabulate"))
      .into(make_sink("parquet", {{"path", "warehouse"}}));
  auto const report = pipeline.run();
  if (!report) {
    std::fprintf(stderr, "%s\n", report.error().text.c_str());
    return 1;
  }
  Account const& account = report->account;
  bool const good = account.closes() && account.written == 1 && account.filtered == 1;
  return good && std::ifstream("warehouse/patients/part-00000.parquet") ? 0 : 1;
}
