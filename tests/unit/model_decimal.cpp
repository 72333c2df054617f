// Exact decimals: every way of writing a number, and arithmetic that never rounds unasked.
#include <catch2/catch.hpp>

#include "model/decimal.hpp"
#include "model_random.hpp"

namespace decimal = metakocka::decimal;

TEST_CASE("numbers as the ERP writes them") {
    const std::pair<const char*, const char*> cases[] = {{"24.8", "24.8"},
                                                         {"7,3", "7.3"},
                                                         {"12,123", "12.123"},
                                                         {"0,8", "0.8"},
                                                         {"1.895,01", "1895.01"},
                                                         {"1,895.01", "1895.01"},
                                                         {"4.0000000000", "4"},
                                                         {"-21", "-21"},
                                                         {"-0", "0"},
                                                         {"-0,00", "0"},
                                                         {"007", "7"},
                                                         {"1.234.567", "1234567"},
                                                         {"1.234.567,8", "1234567.8"},
                                                         {"1E-7", "0.0000001"},
                                                         {"1.5e3", "1500"},
                                                         {"-1.25E+1", "-12.5"},
                                                         {",5", "0.5"},
                                                         {" 5 ", "5"},
                                                         {"100", "100"},
                                                         {"0.10", "0.1"}};
    for (const auto& [wire, expected] : cases) {
        INFO(wire);
        CHECK(decimal::parse_wire(wire) == std::string(expected));
    }
}

TEST_CASE("what is not a number is refused") {
    for (const char* text : {"",          " ",
                             "abc",       "1.2.3",
                             "1,2,3",     "1.89,01.2",
                             "12.34,5",   "5.",
                             "5,",        ".",
                             "-",         "--1",
                             "+5",        "1e",
                             "1e999",     "0x10",
                             "NaN",       "1 000",
                             "1.23.456",  ",123,456",
                             "1895,01.2", "12345678901234567890123456789012345678901"}) {
        INFO(text);
        CHECK_FALSE(decimal::parse_wire(text));
    }
    CHECK_FALSE(decimal::parse_plain("7,3"));
    CHECK(decimal::parse_plain("7.30") == std::string("7.3"));
}

TEST_CASE("discounts in a row are combined") {
    CHECK(decimal::combine_discounts("22;23") == std::string("39.94"));
    CHECK(decimal::combine_discounts("12") == std::string("12"));
    CHECK(decimal::combine_discounts("0") == std::string("0"));
    CHECK(decimal::combine_discounts("7,5; 10") == std::string("16.75"));
    CHECK(decimal::combine_discounts("-5") == std::string("-5"));
    CHECK_FALSE(decimal::combine_discounts("22;x"));
    CHECK_FALSE(decimal::combine_discounts(""));
}

TEST_CASE("gross prices become net, half to even at ten places") {
    CHECK(decimal::net_of_gross("20", "0.22") == "16.393442623");  // 16.39344262295…
    CHECK(decimal::net_of_gross("122", "0.22") == "100");
    CHECK(decimal::net_of_gross("14.6754", "0.22") == "12.0290163934");
    CHECK(decimal::divide("1", "8", 2) == "0.12");
    CHECK(decimal::divide("3", "8", 2) == "0.38");
    CHECK(decimal::divide("-1", "8", 2) == "-0.12");
    CHECK(decimal::divide("-0.004", "1", 2) == "0");
    CHECK_THROWS(decimal::divide("1", "0", 2));
}

TEST_CASE("generated decimals survive every spelling, and sums can be undone") {
    metakocka::test::Random random;
    INFO(random.replay());
    for (int i = 0; i < 5000; ++i) {
        const std::string value = random.decimal();
        INFO(value);
        REQUIRE(decimal::is_canonical(value));
        CHECK(decimal::parse_wire(value) == value);
        const auto point = value.find('.');
        if (point != std::string::npos) {
            std::string comma = value;
            comma[point] = ',';
            CHECK(decimal::parse_wire(comma) == value);
            CHECK(decimal::parse_wire(value + "000") == value);
        }
        const std::string other = random.decimal();
        CHECK(decimal::subtract(decimal::add(value, other), other) == value);
        CHECK(decimal::add(value, other) == decimal::add(other, value));
        CHECK(decimal::compare(value, other) == -decimal::compare(other, value));
        if (!decimal::is_zero(other)) {
            CHECK(decimal::divide(decimal::multiply(value, other), other, 20) == value);
        }
    }
}
