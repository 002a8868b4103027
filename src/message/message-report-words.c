/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What servers say when they refuse a mail, and what it means: the table, and nothing else.
 *
 * One row is a reason and the phrases that give it, lower case, separated by "|".  A "*" in a
 * phrase stands for up to 80 bytes.  Rows are asked from the top and the first that fits decides,
 * so the special stands before the general: who teaches the program a new phrase adds it to the
 * first row of its reason, and moves it up only when a row above takes it.  These phrases are asked
 * before the number of the answer, because servers are careless with their numbers; the second
 * table is asked when neither phrase nor number said anything.
 */
#include "config.h"

#include "message/message-private.h"

const ReportWords report_words_strong[] = {
  /* Codes that a provider documents and that say more than the words beside them. */
  { "toomanyconn", "ofr_104|ofr_109|ofr004_104|too many connections, slow down|trop de connexions|"
                   "frequency limited|frequency limit" },
  { "blocked", "ofr_999|ofr_103|ofr_510|ofr006_|lpn001_10" },
  { "spamdetected", "ofr_506|ofr_501|lpn004_" },
  { "systemerror", "ofr005_505|ofr_505|lpn105_" },
  { "policyviolation", "lpn000_630|ofr_630" },
  { "userunknown", "ofr_416|ofr_515|lpn007_416", true },
  { "suspend", "ofr_420|ofr_426|ofr_516" },
  { "mailboxfull", "ofr_417|ofr_422" },
  { "virusdetected", "mcspamsignature|security policies - mc|virus signature detected" },
  { "securityerror", "resolver.rst.authrequired|smtp; tls is required|must issue a starttls|starttls * required|"
                     "tls * required|tlsa * invalid|certificate * expired|failed to convert message * encrypt" },
  { "userunknown", "resolver.adr.recipnotfound|resolver.adr.recipientnotfound|resolver.adr.exrecipnotfound|"
                   "resolver.adr.invalidinsmtp" },
  { "toomanyconn", "resolver.adr.reciplimit|resolver.rst.recipsizelimit.count" },
  { "mesgtoobig", "resolver.rst.sendsizelimit|resolver.rst.recipsizelimit|ma * size limit" },
  { "securityerror", "resolver.rst.notauthorized|resolver.rst.recipientnotauthorized" },
  { "systemerror", "resolver.fwd.notfound|resolver.adr.badprimary|resolver.adr.ambiguous" },
  { "hostunknown", "smtpsend.dns.nonexistentdomain" },
  { "networkerror", "smtpsend.dns.mxloopback|dns query failed|dns server * failure" },
  { "expired", "queue.expired" },
  { "mailboxfull", "storedrv.deliver; mailbox full|storedrv.deliver.exception:quotaexceeded|quotaexceededexception" },

  { "mailererror", "procmail:" },
  { "contenterror", "duplicate header|headers too large" },
  /* "550 5.7.1 <sender>... Access denied": sendmail's access map. */
  { "securityerror", "@ access denied" },
  { "securityerror", "unauthenticated senders|authentication required|must be authenticated", true },
  { "userunknown", "recipient address rejected: access denied|answer.py?answer=6596|p=nosuchuser", true },
  { "filtered", "this user doesn't have a * [-9]" },
  /* Yahoo says so at the end of everything, and means it. */
  { "userunknown", "this user doesn't have a", true },
  /* KDDI's filters answer without the address; without an account there is one. */
  { "filtered", "smtp;550 : user unknown" },

  { "delivered", "successfully delivered|successfully relayed" },
  { "mailboxfull", "mailbox full|mailbox is full|mailbox exceeded|mailbox exceeds|mailfolder is full|mailfolder full|mailbox * is full|"
                   "mailbox * exceeded|over quota|overquota|over his quota|over the quota|over the maximum quota|"
                   "quota exceeded|quota exceed|quota has been exceeded|quota violation|quota is full|"
                   "exceed * quota|exceeds * quota|exceeded * quota|storage quota|storage limit|disk quota|"
                   "exceeded storage allocation|exceeded the storage|exceeding the size limit of|"
                   "not enough storage space|not enough disk space|insufficient * quota|insufficient mailbox|"
                   "inbox is out of storage|out of storage space|inbox is full|box is full|account is full|"
                   "account is over|account has exceeded|user is over|too much mail data|"
                   "too many messages on this mailbox|too many messages in|has exceeded its disk space|"
                   "not have enough space|cannot deliver * no space left for|no space left on|"
                   "can't create user output file|cannot create * output file|user has too many messages|"
                   "mailbox size limit|mail box full|message store is full|maildir over|mailquota|"
                   "delivery failed: over quota|speicherplatz|boîte pleine|boite pleine|postfach * voll|"
                   "buzón * lleno|casella piena|casella * piena|переполнен" },
  { "mesgtoobig", "message too large|message is too large|message too big|message is too big|message file too big|"
                  "message size exceeds|message exceeds|message exceeded max|message size * exceeds|"
                  "maximum message size|maximum size for a message|message length exceeds|exceeds size limit|"
                  "mail size limit exceeded|size limit exceeded|larger than the current system limit|"
                  "message header size|message size too large|max message size exceeded|"
                  "message size exceeds fixed|exceeds administrative limit|exceeded maximum * message size|"
                  "message too long|line limit exceeded" },
  { "exceedlimit", "message exceeds the maximum size for the recipient|message too large for recipient|"
                   "maximum message size for this recipient" },
  { "suspend", "account has been disabled|account is disabled|account disabled|account has been suspended|"
               "account is suspended|account suspended|account is locked|account has been locked|account * inactive|"
               "account * deactivated|account * been blocked|(s) account is disabled|mailbox disabled|"
               "mailbox is disabled|mailbox is inactive|mailbox inactive|mailbox currently suspended|"
               "mailbox is frozen|mailbox * frozen|mailbox unavailable * inactive|email account * is disabled|"
               "account that you tried to reach is disabled|account that you tried to reach is inactive|"
               "is a deactivated|has been deactivated|user suspended|user is suspended|user * inactive|"
               "suspended user|disabled user|recipient suspend|recipient is suspended|recipient * disabled|"
               "recipient rejected: temporarily inactive|temporarily disabled|invalid/inactive user|"
               "inactive user|is not an active address|no longer on * service|domain has been suspended|"
               "bounced because * suspended|service discontinued|konto * gesperrt|заблокирован|disabled or discontinued" },
  { "hasmoved", "has moved|user moved|has been replaced by|address has changed|has changed * address|"
                "recipient no longer on server|new address is|please use * new address|"
                "no longer at this address * new|mailbox has been moved" },
  { "norelaying", "relay access denied|relaying denied|relay denied|relaying not allowed|relaying * prohibited|"
                  "relay not permitted|relay not allowed|relaying is not|relay operation rejected|not permitted to relay|"
                  "unable to relay|we do not relay|insecure mail relay|not an open relay|not a relay|"
                  "this system is not configured to relay|as a relay|relay prohibited|mail relay denied|"
                  "relay not accepted|gateway does not relay|no relaying|message relay|local-delivery-only" },
  { "authfailure", "bad spf records|spf check|spf: fail|spf fail|failed spf|spf * fail|spf validation|spf record|"
                   "spf (sender policy framework)|sender policy framework|openspf.org|spf.pobox.com|spf * reject|dmarc|"
                   "dkim * fail|dkim * verif|dkim check|dkim unauthenticated|not pass authentication|"
                   "does not pass * authentication|have authentication information|authentication checks|"
                   "unauthenticated email|fails to pass|failed authentication checks|"
                   "domain owner discourages|not allowed to send mail from|is not authorized to use|"
                   "sender id * fail|arc validation fail|email authentication" },
  { "notcompliantrfc", "rfcmessagenoncompliant|not rfc 5322 compliant|not rfc 2822 compliant|not rfc compliant|"
                       "multiple addresses in from|missing a valid messageid|missing * message-id header|"
                       "duplicate * header * rfc|not compliant with rfc|rfc 5322|this message is not rfc|messageid header" },
  { "requireptr", "reverse dns|reverse-dns|rdns|ptr record|ptr resource|dns ptr|no ptr|missing ptr|valid ptr|"
                  "bad ptr|ptr entry|ptr (|reverse hostname|reverse name|reverse address|no reverse|"
                  "reverse lookup|cannot find your hostname|cannot find your reverse|can't find your hostname|"
                  "cannot resolve your|can't resolve your|unable to resolve your|does not resolve to|"
                  "mismatches client ip|matching reverse|match * reverse|ip name lookup failed|possibly forged|"
                  "unresolvable relay host|client identity|dns lookup of your|rfc1912|rfc 1912|"
                  "all mail servers must have|hostname verification failed|unable to verify your host" },
  { "badreputation", "bad reputation|poor reputation|low reputation|reputation of|ip reputation|"
                     "domain reputation|sender reputation|reputation score|tss04|unexpected volume|user complaints|due to * reputation|reputation of the sending|"
                     "poor ip|senderbase|has a poor email rep" },
  { "policyviolation", "message not accepted for policy|not accepted for policy reasons|email not accepted for policy|"
                       "denied by policy|rejected by policy|rejected due to policy|"
                       "violates * policy|violation of policy|policy violation|against * policy|due to security policies|"
                       "security policy|policy reasons|policy restriction|message rejected for policy|"
                       "content policy|administrative policy|local policy|organizational settings|"
                       "disallowed attachment|attachment type|executable|attachment extension|"
                       "banned attachment|banned file|illegal attachment|blocked attachment|attachment * not allowed|"
                       "attachment * prohibited|because its content presents a potential|"
                       "not accepting mail with attachments|prohibited by administrator|your email is considered" },
  { "virusdetected", "virus|infected|malware|malicious|trojan|phish * detected|clamav" },
  { "spamdetected", "spam|unsolicited|unwanted|bulk mail|junk mail|uribl|surbl|blacklisted url|blacklisted link|"
                    "rejected by content|content filter|content rejected|rejected due to content|message content|"
                    "spamassassin|message refused by mailmarshal|phishing|been scored|rule imposed as|"
                    "mail rejete|message looks like|looks suspicious|appears suspicious|high probability|"
                    "classified as|identified as|similar messages|bogus|dspam|rejected for * content|"
                    "contains a url|reject, id=|cloudmark|mail contents" },
  { "securityerror", "access denied * authent|authentication failed|authentication failure|"
                     "auth failure|not authenticated|authentication is required|requires authentication|"
                     "you are not authorized|not authorized to send|"
                     "please authenticate|must authenticate|smtp auth|authentication credentials|"
                     "sorry, you don't authenticate|delivery to this address is restricted|"
                     "not permitted to unauthenticated|verification failure|mail is only accepted from|"
                     "unencrypted|cannot authenticate|account not subscribed to ses|user * not authorized|"
                     "domain * is a dead domain" },
  { "toomanyconn", "too many connections|too many concurrent|concurrent connection|simultaneous|connection rate|"
                   "rate limit|rate-limit|ratelimit|rate of mail|throttl|too many recipients|too many messages|"
                   "too many emails|too many mails|sending too many|too much mail|too fast|too quickly|slow down|"
                   "try again slower|message rate|connection limit|connections limit|limit exceeded for|"
                   "exceeded the limit|exceeded * rate|maximum connect message count|max message per connection|"
                   "receiving mail at a rate|receiving mail too quickly|limit reached|over the rate|"
                   "daily * limit|hourly * limit|quota of messages|number of messages * exceeded|throttling|"
                   "recipient limit|sending limit|too many * from your" },
  { "rejected", "sender rejected|sender address|sender email|sender denied|sender domain|sender verify|sender refused|"
                "sender is not|sender was rejected|sender not|sender unknown|unknown sender|invalid sender|"
                "unroutable sender|unrouteable sender|domain of sender|bad sender|null sender|empty sender|"
                "empty envelope sender|empty return|batv|backscatter|envelope blocked|from address * reject|"
                "from * not allowed|members-only|non-member|is not a member of|not pre-approved|not on the list of|"
                "posting to this list|allowed to post|permission to post|message restrictions|"
                "not owned by user|not verified|cannot verify|could not verify|purported responsible|"
                "recursive cname|administrative prohibition|denied by client|third-party dsn|unsigned dsn|"
                "returned mail not accepted|registered gateway user|invalid domain, see|fully qualified|"
                "groups.google.com|mx records for * violate|has no mx|without a valid sender|"
                "sender's address|sending domain|mail from * reject|email address is not verified|"
                "refused by the sender|rule imposed mailbox|mail not accepted from|"
                "not allowed to send|from domain|return path|address is in the blacklist|you are not allowed" },
  { "notaccept", "does not accept mail|does not accept email|not accept any mail|not accepting mail|"
                 "no mail accepted|null mx|nullmx|no smtp service|indicated no smtp|mx * for \".\"|"
                 "find a mail exchanger|host/domain does not|domain does not accept|domain never|does not send or accept|"
                 "name server: *: no mail|no mx record|mail server * not accept * mail" },
  { "networkerror", "host not found, try again|name service error * try again" },
  { "hostunknown", "unrouteable|unroutable|host unknown|unknown host|unknown domain|domain unknown|host not found|host * not found|"
                   "host name lookup failed|host or domain name not found|domain name not found|domain not found|"
                   "no such host|no such domain|name or service not known|couldn't find any host|couldn't find host|"
                   "domain does not exist|domain doesn't exist|domain * does not exist|domain is not reachable|"
                   "because the domain * couldn't be found|because the domain * could not be found|"
                   "domain must exist|illegal host|invalid host|bad destination|bad host name|"
                   "mx records point to non-existent|host address lookups failed|host lookup did not|"
                   "mail domain * not|nxdomain|domain non-existent|non-existent domain|recipient domain must|unknown recipient domain|%h does not exist|"
                   "account or domain may not exist|unresolvable|could not resolve|host unreachable * domain|"
                   "domain mentioned in|invalid domain|incorrectly * domain|not a valid domain|domain * not valid" },
  { "userunknown", "user unknown|unknown user|no such user|no such recipient|no such mailbox|no such account|no such address|"
                   "no such person|no such local|unknown recipient|recipient unknown|unknown address|address unknown|"
                   "address not found|address doesn't|address does not exist|unknown local|unknown mailbox|unknown account|"
                   "unknown in|unknown to|mailbox unknown|account unknown|user not known|user * not known|"
                   "user not exist|user doesn't|user does not|user * does not|users * not|user is unknown|user is not|"
                   "user isn't|not a user|user not found|user could not be found|user * not found|user invalid|"
                   "invalid user|invalid recipient|invalid mailbox|invalid address|invalid local|recipient invalid|"
                   "recipient not found|recipient does not|recipient * not exist|recipient not exist|"
                   "recipient * does not|recipient isn't|recipient * not found|recipient is not|"
                   "recipnotfound|not found by smtp address|mailbox not found|mailbox does not exist|"
                   "mailbox doesn't|mailbox * does not exist|mailbox not available|mailbox not exist|mailbox * not found|"
                   "mailbox invalid|mailbox unavailable|mailbox is unavailable|no mailbox|no mail box|not have a mailbox|"
                   "no account|account does not|account doesn't|account not found|account not exist|account * not exist|"
                   "have an account|doesn't have a * account|account that you tried to reach does not|"
                   "does not exist|doesn't exist|not exist|non-existent user|nonexistent|non existent|"
                   "not listed in|isn't listed|not in domino|domino-verzeichnis|"
                   "domino ディレクトリ|annuaire domino|not a known user|not known here|"
                   "not a valid mailbox|not a valid user|not a valid recipient|not valid recipient|bad address|bad destination mailbox|"
                   "bad recipient|no valid recipients|not a valid address|undeliverable address|no longer valid|"
                   "email address could not be found|wasn't found at|couldn't be found|unknown name|"
                   "incorrect address|addressee unknown|addressee is|empfänger unbekannt|unbekannter|existiert nicht|"
                   "utilisateur inconnu|destinataire inconnu|adresse d au moins|n'existe pas|usuario desconocido|"
                   "no existe|utente sconosciuto|non esiste|usuário * não|не найден|не существует|не зарегистрирован" },
  { "blocked", "blacklist|black list|block list|blocklist|blocked using|is blocked|been blocked|blocked -|blocked for|"
               "blocked by|are blocked|blocked ip|dnsbl|dns-bl|rbl|spamhaus|spamcop|sorbs|barracuda|"
               "in spamsource|listed at|listed on|listed by|currently listed|banned|your ip|ip address * reject|ip address * block|"
               "ip * denied|denied ip|ip * blocked|client host * rejected|client host rejected|client * blocked|"
               "client address|connections * not accepted from|access from|"
               "host * refused|rejecting open proxy|open proxy|open relay|dynamic ip|dynamic address|dialup|dial-up|generic hostname|generic reverse|"
               "mail exchanger|refused to talk to me|cannot accept * from|not accept * connections|"
               "no access from|connection denied|you are not welcome|go away|refused connection|connection rejected|smtp server of your isp|"
               "local intrusion|mail from your|your network|your mail server|your host|your server|"
               "service unavailable; client|permanently deferred|temporarily deferred|tss0|"
               "service refuse|esmtp not accepting|helo command|invalid helo|bad helo|helo name|ehlo command|invalid ehlo|proxy detected|sender ip|from your ip" },
  { "mailererror", "command failed|command died|command output|command * died|command * failed|unknown mailer error|"
                   "mailer error|pipe to |pipe transport|procmail|x-unix|mail filter program|"
                   "local delivery failed|delivery agent|child status|exit status|exited with|error transferring|"
                   "service unavailable * procmail|mailer * exited" },
  { "networkerror", "too many hops|hop count|loops back|mail loop|mail forwarding loop|routing loop|message looping|looping|"
                    "forwarding loop|no route to host|network is unreachable|network unreachable|host is unreachable|"
                    "name server|name service|nameserver|dns failure|dns error|dns lookup|dns records|"
                    "host name lookup failure|lost connection|connection lost|connection closed|connection reset|"
                    "connection dropped|disconnect|conversation with|connection was dropped|connection aborted|"
                                        "bad connection|network error|communication|protocol error" },
  { "filtered", "user refuses|refuses to receive|refuse to receive|recipient preferences|user rules|blocked by the recipient|"
                "accepting mail from specific|is only accepting|restricted sms|message filtered|rejected by recipient|"
                "rejected by user|user reject|by the user|not accepted by|this account is protected|bounced address|"
                "recipient's mailbox rules|header error|not found recipient account|have been blocked by" },
};
const guint report_words_strong_n = G_N_ELEMENTS (report_words_strong);

const ReportWords report_words_weak[] = {
  { "contenterror", "header|charset|8bit|8-bit|line too long|message format|malformed" },
  { "expired", "timed out|time out|timeout|connection refused|retry time|retry timeout|queue too long|too long in|"
               "in the queue|in queue|delivery expired|message expired|envelope expired|expired|giving up|given up|"
               "delivery temporarily suspended|could not be delivered for|could not deliver for|undeliverable for|"
               "failing for a long time|not been delivered|delayed|will retry|still be attempted|will keep trying|"
               "after multiple retries|multiple attempts|requests to connect|socket error|failed * attempts|repeated attempts|delivery attempts|"
               "not be delivered within|aborted after|could not find a gateway|servers unreachable|unreachable|"
               "not responding|did not respond|no response|deferred|been collected" },
  { "networkerror", "unable to connect|could not connect|cannot connect|couldn't connect|establish" },
  { "systemfull", "mail system full|system storage|insufficient * storage|file system full|disk full|out of disk|no space" },
  { "systemerror", "configuration error|system error|server error|internal error|local error|software error|"
                   "temporar * problem|resources|ldap|database|service unavailable|service currently|"
                   "system config|not available|unable to open|cannot open|can't open|service not|server is busy|"
                   "try again later|transaction failed|unexpected|aborted|policy server|technical|processing" },
  { "contenterror", "content|mime|encoding|body" },
  { "syntaxerror", "sequence of commands|bad sequence|syntax error|unrecognized|command not|not implemented|argument" },
  { "securityerror", "access denied|not permitted|permission|forbidden|not authorized|authenticat|encryption|tls|ssl" },
  { "filtered", "each of the following recipients was rejected" },
  { "userunknown", "recipient address rejected|recipient rejected|recipient refused|address rejected" },
  { "rejected", "rejected|refused|prohibited" },
};
const guint report_words_weak_n = G_N_ELEMENTS (report_words_weak);

/* RFC 3463, its registry (RFC 5248), and what Exchange adds; "x.7.6" without an end stands for all
 * that begin so. */
const ReportNumber report_numbers[] = {
  { "1.0", "userunknown" }, { "1.1", "userunknown" }, { "1.2", "hostunknown" }, { "1.3", "userunknown" },
  { "1.4", "userunknown" }, { "1.6", "hasmoved" }, { "1.7", "rejected" }, { "1.8", "rejected" },
  { "1.10", "notaccept" }, { "1.90", "toomanyconn" }, { "2.1", "suspend" },
  { "2.2", "mailboxfull" }, { "2.3", "exceedlimit" }, { "2.4", "filtered" }, { "3.1", "systemfull" },
  { "3.2", "notaccept" }, { "3.3", "systemerror" }, { "3.4", "mesgtoobig" }, { "3.5", "systemerror" },
  { "4.1", "expired" }, { "4.2", "networkerror" }, { "4.3", "systemerror" }, { "4.4", "hostunknown" },
  { "4.5", "toomanyconn" }, { "4.6", "networkerror" }, { "4.7", "expired" }, { "4.14", "networkerror" },
  { "4.310", "hostunknown" }, { "4.312", "networkerror" }, { "4.316", "expired" }, { "5.0", "syntaxerror" }, { "5.1", "syntaxerror" },
  { "5.2", "syntaxerror" }, { "5.3", "toomanyconn" }, { "5.4", "syntaxerror" }, { "6.0", "contenterror" },
  { "6.1", "contenterror" }, { "6.2", "contenterror" }, { "6.3", "contenterror" }, { "6.5", "contenterror" },
  { "6.6", "contenterror" }, { "6.7", "contenterror" }, { "6.9", "contenterror" }, { "7.1", "securityerror" },
  { "7.2", "filtered" }, { "7.3", "securityerror" }, { "7.4", "securityerror" }, { "7.5", "securityerror" },
  { "7.6", "securityerror" }, { "7.7", "securityerror" }, { "7.8", "securityerror" }, { "7.9", "policyviolation" },
  { "7.13", "suspend" }, { "7.20", "authfailure" }, { "7.21", "authfailure" }, { "7.22", "authfailure" },
  { "7.23", "authfailure" }, { "7.24", "authfailure" }, { "7.25", "requireptr" }, { "7.26", "authfailure" },
  { "7.27", "notaccept" }, { "7.28", "toomanyconn" }, { "7.29", "authfailure" }, { "7.30", "authfailure" },
  { "7.57", "securityerror" }, { "7.64", "norelaying" }, { "7.124", "rejected" }, { "7.133", "rejected" },
  { "7.134", "rejected" }, { "7.509", "authfailure" }, { "7.511", "blocked" },
};
const guint report_numbers_n = G_N_ELEMENTS (report_numbers);
