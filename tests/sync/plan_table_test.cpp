// Runs every row of policies.md, the table that people read.
#include <fstream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "sync/plan.hpp"

using namespace metakocka;
using namespace metakocka::sync;

namespace {

using Row = std::vector<std::string>;

std::string trimmed(const std::string& text) {
    const auto from = text.find_first_not_of(' ');
    return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

std::vector<Row> rows_of(const std::string& file) {
    std::ifstream in(file);
    std::vector<Row> rows;
    bool head = true;
    for (std::string line; std::getline(in, line);) {
        if (line.rfind("| ", 0) != 0) continue;
        if (std::exchange(head, false)) continue;
        Row row;
        std::istringstream cells(line.substr(1));
        for (std::string cell; std::getline(cells, cell, '|');) row.push_back(trimmed(cell));
        rows.push_back(row);
    }
    return rows;
}

Value value_of(const std::string& cell) {
    return cell == "—" ? Value{} : Value{cell};
}

const std::map<std::string, Direction> kDirections{{"Metakocka → CRM", Direction::kMetakockaToCrm},
                                                   {"CRM → Metakocka", Direction::kCrmToMetakocka},
                                                   {"both ways", Direction::kBidirectional}};
const std::map<std::string, ConflictPolicy> kPolicies{{"newest wins", ConflictPolicy::kNewestWins},
                                                      {"Metakocka wins", ConflictPolicy::kMetakockaWins},
                                                      {"CRM wins", ConflictPolicy::kCrmWins},
                                                      {"manual", ConflictPolicy::kManual}};

}  // namespace

TEST_CASE("the table of policies says what the planner does") {
    const auto rows = rows_of(AUTOSYNC_POLICIES);
    REQUIRE(rows.size() >= 30);
    for (const Row& row : rows) {
        INFO(row[0] << " | " << row[1] << " | " << row[2] << " | " << row[3] << " | " << row[4] << " | "
                    << row[5] << " | " << row[6] << " | " << row[7]);
        REQUIRE(row.size() == 11);
        const auto kind = parse_kind(row[0]);
        REQUIRE(kind);
        const auto record = [&](const std::string& cell) {
            Record made(*kind, "1");
            made.at(row[1]) = value_of(cell);
            return made;
        };
        const bool agreed = row[4] != "(none)";
        const Record base = record(agreed ? row[4] : "—");
        Version erp{record(row[5]), {100, 200}};
        Version crm{record(row[6]), {}};
        REQUIRE((row[7] == "CRM" || row[7] == "Metakocka" || row[7] == "?"));
        crm.changed = row[7] == "CRM"         ? Span{300, 300}
                      : row[7] == "Metakocka" ? Span{50, 50}
                                              : Span{150, 150};
        const Plan made = plan(agreed ? &base : nullptr, &erp, &crm,
                               PlanPolicy::uniform(*kind, kDirections.at(row[2]), kPolicies.at(row[3])));
        CHECK(made.erp.at(row[1]) == value_of(row[8]));
        CHECK(made.crm.at(row[1]) == value_of(row[9]));
        const bool listed = !made.verdicts.empty() &&
                            (made.verdicts[0].ruling == Ruling::kOpen || made.verdicts[0].by_tie_break);
        CHECK(listed == (row[10] == "yes"));
    }
}
