// Generated contacts and products within the ERP's limits.
#pragma once

#include "model/decimal.hpp"
#include "model/record.hpp"
#include "model_random.hpp"

namespace metakocka::test {

inline Value maybe_text(Random& random) {
    return random.chance(30) ? Value() : Value(random.text());
}

inline Value maybe_flag(Random& random) {
    return random.chance(20) ? Value() : Value(random.chance(50) ? "true" : "false");
}

inline Record random_contact(Random& random) {
    Record record(RecordKind::kContacts, "");
    for (std::size_t i = 0; i < record.values.size(); ++i) {
        const bool flag = schema(record.kind)[i].type == FieldType::kFlag;
        record.values[i] = flag ? maybe_flag(random) : maybe_text(random);
    }
    record.at("name") = "Č " + random.text();
    if (record.at("postNumber")) record.at("postNumber") = std::to_string(random.below(100'000));
    return record;
}

// Without a price, which is not written. The code has `number` in it, so that it is nobody else's.
inline Record random_product(Random& random, std::size_t number) {
    Record record(RecordKind::kProducts, "");
    record.active = random.chance(80);
    record.at("code") = "šifra/" + std::to_string(number) + "-ž";
    record.at("name") = random.text();
    record.at("unit") = random.chance(50) ? "kos" : "m²";
    record.at("description") = maybe_text(random);
    record.at("barcode") = maybe_text(random);
    if (random.chance(70)) {
        record.at("weight") = decimal::parse_plain(std::to_string(random.below(1000)) + "." +
                                                   std::to_string(100 + random.below(900)));
    }
    for (const char* const name : {"sellable", "purchasable", "service"})
        record.at(name) = maybe_flag(random);
    return record;
}

}  // namespace metakocka::test
