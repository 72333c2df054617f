// A write whose answer is lost: nothing is sent twice, and the error says what is known.
#include <catch2/catch.hpp>

#include "live_erp.hpp"

using namespace metakocka;
using metakocka::test::LiveErp;
using sync::ErpError;
using sync::ErpErrorClass;

namespace {

Record contact() {
    Record record(RecordKind::kContacts, "");
    record.at("name") = "Čebelca d.o.o.";
    record.at("taxNumber") = "SI99999999";
    record.at("email") = "Info@čebelca.si";
    record.at("city") = "Škofja Loka";
    return record;
}

Record product() {
    Record record(RecordKind::kProducts, "");
    record.at("code") = "ŠIF/1";
    record.at("name") = "Žarnica \"LED\"";
    record.at("unit") = "kos";
    record.at("weight") = "7.3";
    return record;
}

ErpError error_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const ErpError& error) {
        return error;
    }
    FAIL("no error");
    throw std::logic_error("unreachable");
}

// The add call of each kind, with what counts the records of that kind.
struct Case {
    Record record;
    std::string endpoint;
    std::size_t (LiveErp::*count)();
};
std::vector<Case> cases() {
    return {{contact(), "add_partner", &LiveErp::partners},
            {product(), "json/product_add", &LiveErp::products}};
}

}  // namespace

TEST_CASE("an answer lost after the write: found, not added again") {
    for (const Case& one : cases()) {
        LiveErp erp;
        const std::size_t before = (erp.*one.count)();
        CHECK(erp.gateway().find_added(one.record).empty());
        erp.fault(one.endpoint, "drop_after_write");
        erp.calls("");
        CHECK(error_of([&] { erp.gateway().add(one.record); }).error_class() ==
              ErpErrorClass::kUnknownOutcome);
        CHECK(erp.calls(one.endpoint) == 1);
        CHECK((erp.*one.count)() == before + 1);
        const auto found = erp.gateway().find_added(one.record);
        REQUIRE(found.size() == 1);
        CHECK_FALSE(found.front().record.erp_id.empty());
    }
}

TEST_CASE("a request lost before the write: not found, and nothing was added") {
    for (const Case& one : cases()) {
        LiveErp erp;
        const std::size_t before = (erp.*one.count)();
        erp.fault(one.endpoint, "drop");
        CHECK(error_of([&] { erp.gateway().add(one.record); }).error_class() ==
              ErpErrorClass::kUnknownOutcome);
        CHECK(erp.calls(one.endpoint) == 1);
        CHECK((erp.*one.count)() == before);
        CHECK(erp.gateway().find_added(one.record).empty());
    }
}

TEST_CASE("answers that say nothing leave the outcome open, each after one request") {
    for (const Case& one : cases()) {
        LiveErp erp;
        for (const char* const kind :
             {"html200", "http500", "empty", "bad_json", "truncate", "opr_error", "retry_after", "drop"}) {
            INFO(one.endpoint << ' ' << kind);
            erp.no_faults();
            erp.fault(one.endpoint, kind);
            erp.calls("");
            const ErpError error = error_of([&] { erp.gateway().add(one.record); });
            CHECK(error.error_class() == ErpErrorClass::kUnknownOutcome);
            CHECK(error.retry_after_s() == (kind == std::string("retry_after") ? 1 : 0));
            CHECK(erp.calls(one.endpoint) == 1);
        }
    }
}

TEST_CASE("a refusal is a refusal, with the ERP's own words and without the key") {
    const std::tuple<const char*, const char*, const char*, ErpErrorClass> refusals[] = {
        {"auth", "", "", ErpErrorClass::kCredentials},
        {"ip", "", "", ErpErrorClass::kAddress},
        {"quota", "", "", ErpErrorClass::kQuota},
        {"retry_after", "429", "", ErpErrorClass::kQuota},
        {"opr_error", "2", "Parameter 'x' of sim-secret-key-1 is missing.", ErpErrorClass::kRecord},
        {"opr_error", "6", "Naziv ni ustrezen (sim-secret-key-1)", ErpErrorClass::kRecord},
        {"opr_error", "8", "Product with code X not found", ErpErrorClass::kRecord},
        {"opr_error", "77", "nekaj novega", ErpErrorClass::kRecord}};
    for (const Case& one : cases()) {
        LiveErp erp;
        const std::size_t before = (erp.*one.count)();
        for (const auto& [kind, code, text, expected] : refusals) {
            INFO(one.endpoint << ' ' << kind << ' ' << code);
            erp.fault(one.endpoint, kind, {{"code", code}, {"text", text}});
            erp.calls("");
            const ErpError error = error_of([&] { erp.gateway().add(one.record); });
            const std::string told = error.what();
            CHECK(error.error_class() == expected);
            CHECK(told.find("sim-secret-key-1") == std::string::npos);
            if (std::string(kind) == "opr_error") {
                CHECK(told.find(std::string(text).substr(0, 9)) != std::string::npos);
            }
            CHECK(erp.calls(one.endpoint) == 1);
        }
        CHECK((erp.*one.count)() == before);
    }
}

TEST_CASE("what never left is known not to have happened") {
    LiveErp erp;
    erp.stop();
    CHECK(error_of([&] { erp.gateway().add(contact()); }).error_class() == ErpErrorClass::kTransient);
}

TEST_CASE("a write that was done but can't be read back is an open one") {
    for (const Case& one : cases()) {
        LiveErp erp;
        const std::string reads = one.endpoint == "add_partner" ? "get_partner" : "json/product_list";
        erp.fault(reads, "http500", {{"count", -1}});
        CHECK(error_of([&] { erp.gateway().add(one.record); }).error_class() ==
              ErpErrorClass::kUnknownOutcome);
        erp.no_faults();
        CHECK(erp.gateway().find_added(one.record).size() == 1);
    }
}

TEST_CASE("an update whose answer is lost is read and made again without harm") {
    for (const Case& one : cases()) {
        LiveErp erp;
        const std::string endpoint = one.endpoint == "add_partner" ? "update_partner" : "json/product_update";
        const Record before = erp.gateway().add(one.record).record;
        Record wanted = before;
        wanted.at("name") = "Novo ime";
        for (const char* const kind : {"drop", "drop_after_write", "html200", "opr_error"}) {
            INFO(endpoint << ' ' << kind);
            const bool done = std::string(kind) == "drop_after_write";
            erp.no_faults();
            erp.fault(endpoint, kind);
            erp.calls("");
            CHECK(error_of([&] { erp.gateway().update(before, wanted); }).error_class() ==
                  ErpErrorClass::kUnknownOutcome);
            CHECK(erp.calls(endpoint) == 1);
            const sync::ErpUpdate again = erp.gateway().update(before, wanted);
            CHECK(again.changed_meanwhile == done);
            CHECK(again.row.record == wanted);
            CHECK(erp.gateway().update(wanted, before).row.record == before);
        }
    }
}

TEST_CASE("several records that an add may have made are all told") {
    LiveErp erp;
    const Record first = erp.gateway().add(contact()).record;
    const Record second = erp.gateway().add(contact()).record;
    Record other = contact();
    other.at("name") = "Nekdo drug z isto davčno številko";
    erp.gateway().add(other);
    const auto found = erp.gateway().find_added(contact());
    REQUIRE(found.size() == 2);
    CHECK(found[0].record == first);
    CHECK(found[1].record == second);

    // Without a tax number the e-mail finds it, without both the name.
    for (const char* const missing : {"taxNumber", "email"}) {
        Record bare = contact();
        bare.at("taxNumber").reset();
        bare.at("name") = std::string("Samo ") + missing;
        if (missing == std::string("email")) bare.at("email").reset();
        const Record added = erp.gateway().add(bare).record;
        const auto looked_up = erp.gateway().find_added(bare);
        REQUIRE(looked_up.size() == 1);
        CHECK(looked_up.front().record == added);
    }
}
