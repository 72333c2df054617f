// Error classes, redaction, addresses, backoff and lanes.
#include <thread>

#include <catch2/catch.hpp>

#include "api/connection.hpp"
#include "api/errors.hpp"
#include "api/http_date.hpp"
#include "api/lanes.hpp"
#include "api/ledger_day.hpp"
#include "api/retry.hpp"
#include "model_random.hpp"

using namespace metakocka;
using namespace metakocka::api;
using sync::ErpErrorClass;

TEST_CASE("code and text decide what an error is") {
    const std::tuple<const char*, const char*, ErpErrorClass> cases[] = {
        {"1", "Unknown error", ErpErrorClass::kTransient},
        {"2", "Parameter doc_type is missing", ErpErrorClass::kRecord},
        {"2", "Cannot find document type sales_bill_domestic with id = 5", ErpErrorClass::kNotFound},
        {"2", "Missing secret_key", ErpErrorClass::kCredentials},
        {"3", "Wrong key", ErpErrorClass::kCredentials},
        {"4", "IP 1.2.3.4 is not allowed", ErpErrorClass::kAddress},
        {"5", "Quote exceeds", ErpErrorClass::kQuota},
        {"6", "Quote exceeds for today", ErpErrorClass::kQuota},
        {"6", "Profit center 'X' doesn't exist.", ErpErrorClass::kRecord},
        {"6", "No complaints found", ErpErrorClass::kNotFound},
        {"6", "Product with count_code A and code A already exists.", ErpErrorClass::kAlreadyExists},
        {"2", "Artikel s šifro A že obstaja", ErpErrorClass::kAlreadyExists},
        {"6", "Artikel s šifro A ne obstaja", ErpErrorClass::kRecord},
        {"8", "Product with code X not found - unit must be set to add new product", ErpErrorClass::kRecord},
        {"99", "something new", ErpErrorClass::kRecord}};
    for (const auto& [code, text, expected] : cases) {
        INFO(code << " " << text);
        CHECK(classify(code, text) == expected);
    }
    CHECK(classify_http(404) == ErpErrorClass::kNotTheApi);
    CHECK(classify_http(302) == ErpErrorClass::kNotTheApi);
    CHECK(classify_http(503) == ErpErrorClass::kTransient);
    CHECK(classify_http(200) == ErpErrorClass::kTransient);
    CHECK(classify_http(429) == ErpErrorClass::kQuota);
}

TEST_CASE("the secret is in no text") {
    test::Random random;
    INFO(random.replay());
    for (int i = 0; i < 500; ++i) {
        const std::string secret = "key" + random.text() + "end";
        const std::string shown = Redactor(secret)(random.text() + secret + random.text() + secret);
        CHECK(shown.find(secret) == std::string::npos);
    }
    CHECK(Redactor("abc")("the key abc is wrong") == "the key *** is wrong");
    CHECK(Redactor("a\"b")(R"({"secret_key":"a\"b"})") == R"({"secret_key":"***"})");
    CHECK(Redactor("")("as it is\n") == "as it is ");
    CHECK(Redactor("x")(std::string(600, 'a')).size() < 510);
}

TEST_CASE("addresses") {
    const BaseUrl usual("https://main.metakocka.si/rest/eshop/v1");
    CHECK(usual.host() == "main.metakocka.si");
    CHECK(usual.port() == 443);
    CHECK(usual.path(PathFamily::kJson, "product_list") == "/rest/eshop/v1/json/product_list");
    CHECK(usual.path(PathFamily::kPlain, "search") == "/rest/eshop/v1/search");
    CHECK(usual.path(PathFamily::kRoot, "sync_stock") == "/rest/eshop/sync_stock");
    CHECK(BaseUrl("https://localhost:8443").path(PathFamily::kPlain, "search") == "/rest/eshop/v1/search");
    CHECK(BaseUrl("https://localhost:8443").host_header() == "localhost:8443");
    for (const char* bad :
         {"http://main.metakocka.si/", "https://", "main.metakocka.si", "https://a b/", "",
          "https://a/x\r\nHost: b/", "https://u:p@a/", "https://a/?x=1", "https://a/%0d%0a/"}) {
        INFO(bad);
        CHECK_THROWS_AS(BaseUrl(bad), std::invalid_argument);
    }
}

TEST_CASE("backoff grows, is bounded and random") {
    const RetryPolicy policy;
    const Jitter most = [](std::uint64_t ceiling) { return ceiling; };
    CHECK(backoff(policy, 1, most) == policy.base);
    CHECK(backoff(policy, 2, most) == policy.base * 2);
    CHECK(backoff(policy, 50, most) == policy.most);
    CHECK(backoff(policy, 3, [](std::uint64_t) { return std::uint64_t{0}; }).count() == 0);
    CHECK(retry_after_seconds("120") == 120);
    CHECK(retry_after_seconds("-5") == 0);
    CHECK(retry_after_seconds("soon") == 0);
    CHECK(retry_after_seconds("Fri, 01 Jan 2100 00:00:00 GMT") == 86'400);
    CHECK(retry_after_seconds("Fri, 01 Jan 1999 00:00:00 GMT") == 0);
}

TEST_CASE("one scan and two direct calls at a time") {
    Lanes lanes;
    CancellableWaiter waiter;
    const auto soon = [] { return std::chrono::steady_clock::now() + std::chrono::milliseconds(20); };
    {
        const auto scan = lanes.enter(Lane::kScan, soon(), waiter);
        CHECK_THROWS_AS(lanes.enter(Lane::kScan, soon(), waiter), sync::ErpError);
        const auto first = lanes.enter(Lane::kDirect, soon(), waiter);
        const auto second = lanes.enter(Lane::kDirect, soon(), waiter);
        CHECK_THROWS_AS(lanes.enter(Lane::kDirect, soon(), waiter), sync::ErpError);
        waiter.cancel();
        try {
            lanes.enter(Lane::kScan, soon() + std::chrono::hours(1), waiter);
            FAIL("not cancelled");
        } catch (const sync::ErpError& error) {
            CHECK(error.error_class() == ErpErrorClass::kCancelled);
        }
    }
    CHECK_NOTHROW(lanes.enter(Lane::kScan, soon(), waiter));
}

TEST_CASE("the ledger's day is Ljubljana's") {
    constexpr std::int64_t kSecond = 1'000'000;
    CHECK(ledger_day(1'767'221'999 * kSecond) == "2025-12-31");  // 22:59:59Z in winter
    CHECK(ledger_day(1'767'222'000 * kSecond) == "2026-01-01");  // 23:00:00Z
    CHECK(ledger_day(1'782'856'800 * kSecond) == "2026-07-01");  // 30 June, 22:00Z in summer
    CHECK(timestamp_filter(1'767'222'000 * kSecond) == "2026-01-01T01:00:00+02:00");
}
