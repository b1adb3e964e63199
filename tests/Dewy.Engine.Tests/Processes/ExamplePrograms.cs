namespace Dewy.Engine.Tests.Processes;

/// <summary>Programs that are supervised in tests, in Perl, which starts in no time and is on nearly every host.</summary>
internal static class ExamplePrograms
{
    /// <summary>
    /// An event loop on every socket that <c>SERVER_STARTER_PORT</c> names. It answers with its tag, its generation and
    /// its process id; on TERM it closes the sockets and serves the connections it has to their end.
    /// </summary>
    public const string Server = """
        use strict; use warnings; use IO::Handle; use IO::Select;
        my (%listening, %input, $until);
        for (split /;/, $ENV{SERVER_STARTER_PORT}) {
            my ($fd) = /=(\d+)$/ or die "no descriptor in $_";
            open(my $socket, '+<&=', $fd) or die "descriptor $fd: $!";
            $socket->blocking(0);
            $listening{fileno $socket} = $socket;
        }
        my $select = IO::Select->new(values %listening);
        $SIG{TERM} = sub { $until = time + 5 };
        $SIG{PIPE} = 'IGNORE';
        print STDERR "$ENV{DEWY_TAG} listens\n";
        while (1) {
            if ($until) {
                $select->remove($_), close $_ for values %listening;
                %listening = ();
                exit 0 if !%input || time > $until;
            }
            for my $handle ($select->can_read(0.05)) {
                if ($listening{fileno $handle}) {
                    if (accept(my $client, $handle)) { $select->add($client); $input{$client} = '' }
                    next;
                }
                my $count = sysread($handle, my $data, 65536);
                if (!$count) { $select->remove($handle); delete $input{$handle}; close $handle; next }
                $input{$handle} .= $data;
                while (defined $input{$handle} && $input{$handle} =~ s/^(.*?)\r\n\r\n//s) {
                    my $request = $1;
                    my $close = $until || $request =~ /^connection:\s*close/im;
                    my $status = $request =~ m{^GET /bad} ? '503 Not Now' : $request =~ m{^GET /moved} ? '302 Found' : '200 OK';
                    my $body = "$ENV{DEWY_TAG} $ENV{SERVER_STARTER_GENERATION} $$";
                    syswrite($handle, "HTTP/1.1 $status\r\nContent-Length: " . length($body) . "\r\n"
                        . ($status =~ /302/ ? "Location: /\r\n" : '') . ($close ? "Connection: close\r\n" : '') . "\r\n$body");
                    if ($close) { $select->remove($handle); delete $input{$handle}; close $handle }
                }
            }
        }
        """;

    /// <summary>Serves one connection after the other, blocking, without keep-alive: the simplest of servers.</summary>
    public const string OneByOne = """
        use strict; use warnings;
        my ($fd) = $ENV{SERVER_STARTER_PORT} =~ /=(\d+)$/ or die;
        open(my $listening, '+<&=', $fd) or die $!;
        $SIG{PIPE} = 'IGNORE';
        while (1) {
            accept(my $client, $listening) or next;
            my $input = '';
            while ($input !~ /\r\n\r\n/) { sysread($client, $input, 4096, length $input) or last }
            syswrite($client, "HTTP/1.0 200 OK\r\n\r\n$ENV{DEWY_TAG}");
            close $client;
        }
        """;

    /// <summary>Workers that all wait in epoll with EPOLLEXCLUSIVE, as nginx has it: the kernel prefers the one that waits longest.</summary>
    public const string ExclusiveInPython = """
        import os, select, socket
        fd = int(os.environ['SERVER_STARTER_PORT'].rsplit('=', 1)[1])
        listening = socket.socket(fileno=fd)
        listening.setblocking(False)
        os.fork()
        poll = select.epoll()
        poll.register(fd, select.EPOLLIN | 1 << 28)
        clients = {}
        while True:
            for ready, _ in poll.poll():
                if ready == fd:
                    try:
                        client, _ = listening.accept()
                    except OSError:
                        continue
                    clients[client.fileno()] = client
                    poll.register(client.fileno(), select.EPOLLIN)
                    continue
                client = clients[ready]
                try:
                    data = client.recv(4096)
                    if data and not data.endswith(b'\n'):
                        continue
                    if data:
                        client.sendall(b'HTTP/1.0 200 OK\r\n\r\n')
                except OSError:
                    pass
                poll.unregister(ready)
                clients.pop(ready).close()
        """;

    /// <summary>Inherits sockets and never accepts from them.</summary>
    public const string Deaf = "sleep 1 while 1;";

    /// <summary>Closes its first connection without an answer, and takes no other.</summary>
    public const string AcceptsOnce = """
        use strict; use warnings;
        my ($fd) = $ENV{SERVER_STARTER_PORT} =~ /=(\d+)$/ or die;
        open(my $listening, '+<&=', $fd) or die $!;
        accept(my $client, $listening) or die $!;
        close $client;
        sleep 1 while 1;
        """;

    /// <summary>Ends at once.</summary>
    public const string Failing = "print STDERR \"no such table: users\\n\"; exit 3;";

    /// <summary>Ends when it is told to; appends its tag to a file when it starts and when it ends.</summary>
    public const string Worker = """
        use strict; use warnings;
        sub note { open(my $file, '>>', 'notes.txt') or die $!; syswrite($file, "$_[0] $ENV{DEWY_TAG}\n") }
        $SIG{TERM} = sub { note('end'); exit 0 };
        note('begin');
        sleep 1 while 1;
        """;

    /// <summary>Sends notifications, each after as many seconds as are before its colon.</summary>
    public static string Notifying(params string[] messages) => $$"""
        use strict; use warnings; use Socket;
        socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
        for my $step ({{string.Join(", ", messages.Select(message => $"'{message}'"))}}) {
            my ($seconds, $message) = split /:/, $step, 2;
            select(undef, undef, undef, $seconds);
            send($socket, $message, 0, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die $!;
        }
        sleep 1 while 1;
        """;
}
