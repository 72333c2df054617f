// The names of rows that sealed texts are bound to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/kind.hpp"

namespace metakocka::store {

// Numbers come first, so that no two places share a name whatever an id looks like.
inline std::string place(RecordKind kind, std::string_view id) {
    std::string name = std::to_string(static_cast<int>(kind));
    name.append(1, '/').append(id);
    return name;
}

inline std::string place(std::int64_t number, std::string_view id) {
    std::string name = std::to_string(number);
    name.append(1, '/').append(id);
    return name;
}

inline std::string place(RecordKind kind, std::int64_t number, std::string_view id) {
    return place(kind, place(number, id));
}

}  // namespace metakocka::store
