#include "api/http_date.hpp"

#include <algorithm>

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <Poco/NumberParser.h>
#include <Poco/Timestamp.h>

namespace metakocka::api {

int retry_after_seconds(const std::string& header) {
    constexpr Poco::Int64 kDay = 86'400;
    if (header.empty()) return 0;
    Poco::Int64 seconds = 0;
    if (!Poco::NumberParser::tryParse64(header, seconds)) {
        Poco::DateTime time;
        int zone = 0;
        if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, header, time, zone)) return 0;
        seconds = (time.timestamp() - Poco::Timestamp()) / Poco::Timestamp::resolution();
    }
    return static_cast<int>(std::clamp<Poco::Int64>(seconds, 0, kDay));
}

}  // namespace metakocka::api
