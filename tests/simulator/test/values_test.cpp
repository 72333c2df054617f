#include <catch2/catch.hpp>

#include "calendar.hpp"
#include "decimal.hpp"
#include "records.hpp"
#include "webhook.hpp"

using namespace metakocka::sim;

TEST_CASE("decimals read every spelling of the wire") {
    CHECK(Decimal::parse("24.8")->str() == "24.8");
    CHECK(Decimal::parse("7,3")->str() == "7.3");
    CHECK(Decimal::parse("12,123")->str() == "12.123");
    CHECK(Decimal::parse("1.895,01")->str() == "1895.01");
    CHECK(Decimal::parse("1,895.01")->str() == "1895.01");
    CHECK(Decimal::parse("4.0000000000")->str() == "4");
    CHECK(Decimal::parse("-21")->str() == "-21");
    CHECK(Decimal::parse("-0,5")->str() == "-0.5");
    CHECK_FALSE(Decimal::parse(""));
    CHECK_FALSE(Decimal::parse("1e5"));
    CHECK(Decimal(4).padded() == "4.0000000000");
}

TEST_CASE("decimals round half to even") {
    CHECK(Decimal::parse("0.125")->rounded(2).str() == "0.12");
    CHECK(Decimal::parse("0.135")->rounded(2).str() == "0.14");
    CHECK(Decimal::parse("-0.125")->rounded(2).str() == "-0.12");
    CHECK(Decimal(20).divided_by(*Decimal::parse("1.22")).str() == "16.393442623");
}

TEST_CASE("chained discounts combine") {
    Line line;
    line.discount = "22;23";
    CHECK(line.discount_percent().str() == "39.94");
    line.discount = "12,5";
    CHECK(line.discount_percent().str() == "12.5");
    line.discount.clear();
    CHECK(line.discount_percent().str() == "0");
}

TEST_CASE("dates carry the offset of the ledger's zone") {
    CHECK(iso_with_offset(*parse_iso_date("2015-05-07")) == "2015-05-07+02:00");
    CHECK(iso_with_offset(*parse_iso_date("2015-12-07")) == "2015-12-07+01:00");
    CHECK(iso_timestamp(*parse_timestamp("2015-05-07T12:53:27+02:00")) == "2015-05-07T12:53:27+02:00");
    CHECK(iso_timestamp(*parse_timestamp("2015-12-07T12:00:00+02:00")) == "2015-12-07T11:00:00+01:00");
    CHECK(slovenian(*parse_iso_date("2017-03-15")) == "15.03.2017");
    CHECK_FALSE(parse_slovenian_date("31.02.2017"));
}

TEST_CASE("the webhook is signed with HMAC-SHA1") {
    // The well-known test vector.
    CHECK(webhook_signature("The quick brown fox jumps over the lazy dog", "key") ==
          "3nybhbi3iqa8ino29wqQcBydtNk=");
}
