// Text without the difference between capitals and small letters.
#pragma once

#include <string>
#include <string_view>

namespace metakocka::store {

// Small letters for ASCII and for the Latin letters up to U+017F, which cover the languages of Metakocka's
// customers (č, š, ž, đ, ć, ä, ö, ü …). Everything else, broken UTF-8 included, stays as it is.
std::string fold_case(std::string_view text);

}  // namespace metakocka::store
