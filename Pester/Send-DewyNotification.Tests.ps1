#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest

    # One request, answered with 204; the job's output is the request.
    function Start-TestReceiver {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $job = Start-ThreadJob -ArgumentList $listener -ScriptBlock {
            param($listener)
            $client = $listener.AcceptTcpClient()
            $stream = $client.GetStream()
            $reader = [System.IO.StreamReader]::new($stream)
            $length = 0
            while (($line = $reader.ReadLine()) -ne '') {
                if ($line -match '^Content-Length: (\d+)') { $length = [int]$Matches[1] }
            }
            $body = [char[]]::new($length)
            $read = $reader.ReadBlock($body, 0, $length)
            $answer = [System.Text.Encoding]::ASCII.GetBytes("HTTP/1.1 204 No Content`r`nConnection: close`r`n`r`n")
            $stream.Write($answer, 0, $answer.Length)
            $client.Dispose()
            [string]::new($body, 0, $read)
        }
        [pscustomobject]@{ Url = "webhook://$($listener.LocalEndpoint)/hook"; Job = $job; Listener = $listener }
    }
}

Describe 'Send-DewyNotification' {
    It 'posts the message and tells what became of it' {
        $receiver = Start-TestReceiver
        try {
            $receipt = Send-DewyNotification -Message 'Hello' -Notifier $receiver.Url -Level Warning -Name site -PassThru
            $receipt | Should -BeOfType Dewy.NotificationReceipt
            $receipt.Delivered | Should -BeTrue
            $body = $receiver.Job | Wait-Job -Timeout 30 | Receive-Job | ConvertFrom-Json
            $body.text | Should -Be 'Hello'
            $body.level | Should -Be 'warning'
            $body.application | Should -Be 'site'
        } finally {
            $receiver.Listener.Stop()
            $receiver.Job | Remove-Job -Force
        }
    }

    It 'lists what there is when the scheme is unknown' {
        { Send-DewyNotification -Message 'Hello' -Notifier 'slak://general' } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*slack://<channel>*'
    }

    It 'shows no secret of a notifier that is not valid' {
        $failure = { Send-DewyNotification -Message 'Hello' -Notifier 'webhooks://example.com/canary?sekret=canary' } | Should -Throw -PassThru
        "$failure $($failure.ErrorDetails)" | Should -Not -BeLike '*canary*'
    }

    It 'sends nothing with -WhatIf' {
        Send-DewyNotification -Message 'Hello' -Notifier 'webhook://127.0.0.1:1/' -WhatIf -PassThru | Should -BeNullOrEmpty
    }
}
